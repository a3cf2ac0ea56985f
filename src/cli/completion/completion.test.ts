import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../command-table.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { completionTree } from './tree.ts';
import { zshScript } from './zsh.ts';

const tree = completionTree(COMMANDS);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-completion-'));
  writeFileSync(join(folder, 'script.bash'), bashScript(tree));
  writeFileSync(join(folder, 'one.txt'), '');
  writeFileSync(join(folder, 'two words.txt'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers for a line, whose last word is being typed. */
function bash(...words: readonly string[]): string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const program = `source ./script.bash; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _pare; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', program], { cwd: folder, encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

describe('bash, for real', () => {
  it('offers every command, and the commands of a group', () => {
    expect(bash('pare', '')).toEqual([...COMMANDS.map(({ name }) => name), 'help']);
    expect(bash('pare', 'cache', '')).toEqual([
      'stats',
      'get',
      'set',
      'clear',
      'eval',
      'explain',
      'export',
      'import',
    ]);
    expect(bash('pare', 'help', 'ca')).toEqual(['calibrate', 'cache']);
  });

  it('finds its place behind options and their values', () => {
    expect(bash('pare', '--config', 'cache', '--json', 'models', 'u')).toEqual(['update']);
    expect(bash('pare', '--model=x', 'cache', 'g')).toEqual(['get']);
  });

  it('offers options of the command and global ones, and their values', () => {
    expect(bash('pare', 'count', '--w')).toEqual(['--workers']);
    expect(bash('pare', 'count', '--js')).toEqual(['--json']);
    expect(bash('pare', 'report', '--format', 'm')).toEqual(['markdown']);
    expect(bash('pare', 'report', '--format', '=', 'm')).toEqual(['markdown']);
    expect(bash('pare', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers files where files are meant, blanks in names included, and nothing for texts', () => {
    expect(bash('pare', 'count', '').toSorted()).toEqual(['one.txt', 'script.bash', 'two words.txt']);
    expect(bash('pare', 'report', '--output', 'tw')).toEqual(['two words.txt']);
    expect(bash('pare', 'cache', 'get', '--prompt', '')).toEqual([]);
  });
});

describe('zsh and fish, by structure', () => {
  it('have every command and every option of every place', () => {
    const zsh = zshScript(tree);
    const fish = fishScript(tree);
    for (const { path, commands, options } of tree) {
      const name = path === '' ? '_pare' : `_pare_${path.replaceAll(/[ -]/g, '_')}`;
      const body = zsh.split(`\n${name}() {`)[1]?.split('\n}')[0] ?? '';
      for (const { name: option } of options) {
        expect(body).toContain(`'${option}[`);
        expect(fish).toContain(
          `__pare_at ${path === '' ? String.raw`\'\'` : String.raw`\'${path}\'`}' -l ${option.slice(2)} `,
        );
      }
      for (const command of commands) expect(body).toContain(`'${command.name}:`);
    }
  });

  it('close every quote', () => {
    for (const script of [zshScript(tree), fishScript(tree)]) {
      const unescaped = script.replaceAll(/\\./g, '').replaceAll(/^#.*$/gm, '');
      expect((unescaped.match(/'/g) ?? []).length % 2).toBe(0);
    }
  });
});
