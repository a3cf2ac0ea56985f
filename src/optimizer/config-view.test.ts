import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema, describeConfig } from './config-view.ts';
import { loadConfig } from './load-config.ts';

const ENVIRONMENT = { HOME: '/home/somebody' };

async function settings(environment: Record<string, string>, overrides: Record<string, unknown> = {}) {
  const loaded = await loadConfig({
    environment: { ...ENVIRONMENT, ...environment },
    directory: '/',
    searches: false,
    overrides,
  });
  return new Map(describeConfig(loaded).map((setting) => [setting.path, setting]));
}

describe('describeConfig', () => {
  it('says where each value came from, the last source winning', async () => {
    const found = await settings({ PARE_PORT: '81', PARE_MODEL: 'gpt-4.1' }, { 'server.port': 82 });
    expect(found.get('server.port')).toEqual({
      path: 'server.port',
      value: 82,
      origin: 'flag',
      environment: 'PARE_PORT',
    });
    expect(found.get('model')?.origin).toBe('environment PARE_MODEL');
    expect(found.get('server.host')?.origin).toBe('default');
  });

  it('shows no secret, neither a key nor a password in an address (INV-E3)', async () => {
    const found = await settings({
      PARE_OPENAI_API_KEY: 'sk-very-secret',
      PARE_UPSTREAM_ANTHROPIC: 'https://user:hunter2@proxy.example/path',
    });
    const shown = JSON.stringify([...found.values()]);
    expect(shown).not.toContain('very-secret');
    expect(shown).not.toContain('hunter2');
    expect(found.get('upstreams.openai.apiKey')?.value).toBe('********');
    expect(found.get('upstreams.anthropic.url')?.value).toBe('https://********@proxy.example/path');
    expect(found.get('upstreams.anthropic.apiKey')?.value).toBeNull();
  });

  it('keeps the address of a provider for which only the key is set', async () => {
    const found = await settings({ PARE_OPENAI_API_KEY: 'sk-x' });
    expect(found.get('upstreams.openai.url')?.value).toBe('https://api.openai.com');
  });
});

describe('configJsonSchema', () => {
  it('describes every key, requires none, and allows no other', () => {
    const schema = configJsonSchema() as {
      properties: Record<string, { properties?: Record<string, { description?: string }> }>;
      additionalProperties: boolean;
    };
    expect(schema).not.toHaveProperty('required');
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties['server']?.properties?.['port']?.description).toContain('Port');
    expect(Object.keys(schema.properties)).toContain('$schema');
  });

  it('may be named by a configuration file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pare-config-'));
    try {
      writeFileSync(join(folder, 'pare.config.json'), '{"$schema":"./schema.json","preset":"safe"}');
      const { config } = await loadConfig({ environment: ENVIRONMENT, directory: folder });
      expect(config.preset).toBe('safe');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
