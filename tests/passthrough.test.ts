import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatBody, rawRequest, type Stack, sendRaw, startStack } from './support/gateway.ts';
import { startRawServer, startUpstreamServer } from './support/upstream-server.ts';

const KEY = 'authorization: Bearer test-key';
const JSON_TYPE = 'content-type: application/json';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const last = () => stack.provider.requests.at(-1);
const linesOf = (lines: readonly string[], name: string) =>
  lines.filter((line) => line.toLowerCase().startsWith(`${name}:`));

/** A gateway before one upstream of our own. */
const before = (url: string, config: Record<string, unknown> = {}) =>
  startStack({ config: { 'upstreams.openai.url': url, 'upstreams.anthropic.url': url, ...config } });

describe('requests', () => {
  const ODD_BODIES: Readonly<Record<string, string | Buffer>> = {
    'numbers in other spellings':
      '{"model":"gpt-4o","temperature":1.0,"top_p":1e0,"seed":12345678901234567890,"messages":[{"role":"user","content":"a"}]}',
    'a key given twice':
      '{"model":"gpt-4o","model":"gpt-4o","messages":[{"role":"user","content":"b","content":"c"}]}',
    'escaped characters':
      '{"model":"gpt\\u002d4o","messages":[{"role":"user","content":"\\u00e9\\/\\ud83d\\ude42 \\u0041"}]}',
    'blanks, tabs and line ends':
      ' {\r\n\t"model" : "gpt-4o" ,\n "messages":[ {"role":"user" , "content":"  d  "} ]\n}\n\n',
    'keys in another order':
      '{"messages":[{"content":"e","role":"user"}],"unknown":{"z":1,"a":[]},"model":"gpt-4o"}',
    'unescaped Unicode': '{"model":"gpt-4o","messages":[{"role":"user","content":"Ünïcödé 東京 🙂\u2028"}]}',
  };

  it.each(Object.entries(ODD_BODIES))('arrive with %s as they were (INV-P1)', async (_name, body) => {
    const answer = await sendRaw(stack.url, rawRequest('POST /v1/chat/completions', [KEY, JSON_TYPE], body));
    expect(answer.status).toBe(200);
    expect(last()?.body.equals(Buffer.from(body))).toBe(true);
  });

  it('arrive with their byte order mark (INV-P1)', async () => {
    const body = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(chatBody('bom'))]);
    await using upstream = await startUpstreamServer((_request, response) => response.end('{}'));
    await using gateway = await before(upstream.url);
    await sendRaw(gateway.url, rawRequest('POST /v1/chat/completions', [KEY, JSON_TYPE], body));
    expect(upstream.received[0]?.equals(body)).toBe(true);
  });

  it('carry their own headers on, and none of the connection or of Pare', async () => {
    const sent = [
      KEY,
      JSON_TYPE,
      'openai-organization: org-1',
      'X-Custom: one',
      'X-Custom: two',
      'constructor: odd',
      'user-agent: agent/1',
      'accept-encoding: gzip',
    ];
    const constructors = () => (last()?.rawHeaders ?? []).filter((name) => name === 'constructor');
    const kept = ['x-pare-tags: team=a', 'x-pare-session: s', 'cookie: secret=1', 'te: trailers'];
    await sendRaw(
      stack.url,
      rawRequest('POST /v1/chat/completions', [...sent, ...kept], chatBody('headers')),
    );
    const raw = last()?.rawHeaders ?? [];
    const pairs = raw.flatMap((name, i) => (i % 2 === 0 ? [`${name.toLowerCase()}: ${raw[i + 1]}`] : []));
    expect(pairs).toEqual(expect.arrayContaining(sent.map((line) => line.replace(/^X-Custom/, 'x-custom'))));
    expect(constructors()).toHaveLength(1);
    expect(pairs.filter((pair) => /^(x-pare|cookie|te:)/.test(pair))).toEqual([]);
    expect(last()?.headers['host']).toBe(new URL(stack.provider.url).host);
  });

  it('leave headers behind that the connection header names', async () => {
    const headers = [KEY, JSON_TYPE, 'connection: x-private', 'x-private: 1'];
    await sendRaw(stack.url, rawRequest('POST /v1/chat/completions', headers, chatBody('named')));
    expect(last()?.headers).not.toHaveProperty('x-private');
  });

  it('keep path and query on every kind of path', async () => {
    for (const line of [
      'POST /v1/chat/completions?api-version=2024-10-21&x=%20%2F',
      'POST /v1/echo/deep/path?a=1&a=2',
      'GET /v1/echo?list=1',
      'DELETE /v1/echo/file-1',
      'PATCH /v1/echo/%E2%82%AC',
    ]) {
      const body = line.startsWith('POST') ? chatBody('path') : '';
      const answer = await sendRaw(stack.url, rawRequest(line, [KEY, JSON_TYPE], body));
      expect([answer.status, `${last()?.method} ${last()?.path}`]).toEqual([200, line]);
    }
  });

  it('keep the bytes of bodies on unknown paths, JSON or not', async () => {
    const body = Buffer.from([0, 255, 10, 13, 0xc3, 0x28, 7]);
    const answer = await sendRaw(
      stack.url,
      rawRequest('POST /v1/echo', [KEY, 'content-type: application/octet-stream'], body),
    );
    expect(last()?.body.equals(body)).toBe(true);
    expect(answer.body.equals(body)).toBe(true);
  });

  it.each([
    'GET /v1/chat/completions/chatcmpl-1',
    'GET /v1/responses/resp_1',
    'DELETE /v1/responses/resp_1',
    'GET /v1/chat/completions',
    'POST /v1/messages/batches',
  ])('of the kind %s reach the provider as they are', async (line) => {
    const seen = stack.provider.counters.requests;
    const answer = await sendRaw(stack.url, rawRequest(line, [KEY]));
    expect(stack.provider.counters.requests).toBe(seen + 1);
    expect(`${last()?.method} ${last()?.path}`).toBe(line);
    expect(answer.body.equals(last()?.sent ?? Buffer.alloc(0))).toBe(true);
  });

  it('never leave /v1 by their path (INV-E4)', async () => {
    for (const path of ['/v1/../admin', '/v1/%2e%2e/admin', '/v1/x/..%2f..%2fadmin', '/v1/..\\admin']) {
      const seen = stack.provider.counters.requests;
      const answer = await sendRaw(stack.url, rawRequest(`GET ${path}`, [KEY]));
      expect([path, answer.status, stack.provider.counters.requests]).toEqual([path, 404, seen]);
    }
  });

  it('of any JSON arrive byte for byte (INV-P1)', async () => {
    await using upstream = await startUpstreamServer((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{}}');
    });
    await using gateway = await before(upstream.url);
    const blank = fc.constantFrom('', ' ', '\n', '\t', '\r\n ');
    const text = fc
      .string({ unit: 'binary', maxLength: 12 })
      .map((value) => JSON.stringify(value))
      .chain((json) => fc.constantFrom(json, json.replaceAll('a', '\\u0061').replaceAll('/', '\\/')));
    const number = fc.constantFrom('0', '-0', '1.0', '1e2', '1E-7', '12345678901234567890', '0.10');
    const { value } = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        number,
        fc.constantFrom('true', 'false', 'null'),
        fc
          .array(fc.tuple(blank, tie('value'), blank), { maxLength: 3 })
          .map((items) => `[${items.map((item) => item.join('')).join(',')}]`),
        fc
          .array(fc.tuple(text, blank, tie('value')), { maxLength: 3 })
          .map(
            (items) => `{${items.map(([key, space, item]) => `${key}${space}:${space}${item}`).join(',')}}`,
          ),
      ),
    }));
    const body = fc
      .tuple(blank, fc.array(fc.tuple(text, value), { maxLength: 4 }), fc.nat(4), fc.boolean())
      .map(([space, fields, at, isStream]) => {
        const known = ['"model":"gpt-4o"', `"messages":[{"role":"user",${space}"content":"hi"}]`];
        // Unknown fields have names of their own: a generated "model" would make another request.
        const unknown = fields.map(([key, item]) => `"x-${key.slice(1)}${space}:${item}`);
        if (isStream) known.push('"stream":true');
        unknown.splice(Math.min(at, unknown.length), 0, ...known);
        return `${space}{${unknown.join(`,${space}`)}}${space}`;
      });
    await fc.assert(
      fc.asyncProperty(body, async (json) => {
        await fetch(`${gateway.url}/v1/chat/completions`, {
          method: 'POST',
          headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
          body: json,
        }).then((answer) => answer.text());
        expect(upstream.received.at(-1)?.toString()).toBe(Buffer.from(json).toString());
      }),
      { numRuns: 150 },
    );
  });
});

describe('answers', () => {
  const HEAD = [
    'HTTP/1.1 429 Too Many Requests',
    'Content-Type: application/json',
    'Retry-After: 17',
    'X-Request-Id: req_odd',
    'X-RateLimit-Remaining-Requests: 0',
    'Set-Cookie: a=1; Path=/',
    'Set-Cookie: b=2',
    'Connection: close, X-Hop',
    'X-Hop: 1',
  ];

  it.each(['POST /v1/chat/completions', 'POST /v1/messages', 'POST /v1/embeddings'])(
    'to %s keep status, headers and odd body',
    async (line) => {
      const body = '{ "error" : {"message":"\\u0041", "x":1.0,\n"x":2} }\n';
      const lines = [...HEAD, `Content-Length: ${body.length}`];
      await using upstream = await startRawServer(`${lines.join('\r\n')}\r\n\r\n${body}`);
      await using gateway = await before(upstream.url);
      const answer = await sendRaw(
        gateway.url,
        rawRequest(line, [KEY, JSON_TYPE], chatBody('x', { max_tokens: 5 })),
      );
      expect(answer.status).toBe(429);
      expect(answer.body.toString()).toBe(body);
      expect(linesOf(answer.headerLines, 'retry-after')).toEqual(['Retry-After: 17']);
      expect(linesOf(answer.headerLines, 'x-request-id')).toEqual(['X-Request-Id: req_odd']);
      expect(linesOf(answer.headerLines, 'set-cookie')).toEqual([
        'Set-Cookie: a=1; Path=/',
        'Set-Cookie: b=2',
      ]);
      expect(linesOf(answer.headerLines, 'x-ratelimit-remaining-requests')).toHaveLength(1);
      expect(linesOf(answer.headerLines, 'x-hop')).toEqual([]);
      expect(linesOf(answer.headerLines, 'x-pare-request-id')).toHaveLength(1);
    },
  );

  it('that are no JSON at all, or empty, come as they are', async () => {
    for (const [status, type, body] of [
      [502, 'text/html', '<h1>Bad gateway</h1>'],
      [200, 'text/plain', 'ok'],
      [204, 'application/json', ''],
      [304, 'application/json', ''],
    ] as const) {
      await using upstream = await startUpstreamServer((_request, response) => {
        response.writeHead(status, { 'content-type': type, etag: '"x"' }).end(body);
      });
      await using gateway = await before(upstream.url);
      const answer = await sendRaw(
        gateway.url,
        rawRequest('POST /v1/chat/completions', [KEY, JSON_TYPE], chatBody('x')),
      );
      expect([answer.status, answer.body.toString()]).toEqual([status, body]);
      expect(linesOf(answer.headerLines, 'etag')).toHaveLength(1);
    }
  });

  it('that are compressed keep their bytes and are still read for usage', async () => {
    stack.provider.failNext({ kind: 'gzip' });
    const seen = stack.records.length;
    const answer = await sendRaw(
      stack.url,
      rawRequest('POST /v1/chat/completions', [KEY, JSON_TYPE], chatBody('zip', { stream: true })),
    );
    const sent = last()?.sent ?? Buffer.alloc(0);
    expect(answer.body.equals(sent)).toBe(true);
    expect(answer.body.subarray(0, 2)).toEqual(gzipSync('').subarray(0, 2));
    expect(linesOf(answer.headerLines, 'content-encoding')).toHaveLength(1);
    const record = (await stack.recorded(seen + 1)).at(-1);
    expect(record?.usage.outputTokens).toBeGreaterThan(0);
  });

  it('that redirect are refused, and nobody is called with the key (INV-E2)', async () => {
    await using other = await startUpstreamServer((_request, response) => response.end('{}'));
    stack.provider.failNext({ kind: 'redirect', location: `${other.url}/steal` });
    const answer = await sendRaw(
      stack.url,
      rawRequest('POST /v1/chat/completions', [KEY, JSON_TYPE], chatBody('redirect')),
    );
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ error: { code: 'upstream_redirect' } });
    expect(other.received).toEqual([]);
  });

  it('streamed in any split arrive byte for byte, the first before the last is sent (INV-S1)', async () => {
    let pieces: readonly Buffer[] = [];
    let firstArrived = Promise.withResolvers<void>();
    await using upstream = await startUpstreamServer((_request, response) => {
      void (async () => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const [i, piece] of pieces.entries()) {
          if (i === pieces.length - 1 && i > 0) await firstArrived.promise;
          response.write(piece);
          await new Promise((resolve) => setImmediate(resolve));
        }
        response.end();
      })();
    });
    await using gateway = await before(upstream.url);
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(999), { minLength: 1, maxLength: 8 }),
        async (words, cuts) => {
          const events = words.map(
            (content) =>
              `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content } }] })}\n\n`,
          );
          const bytes = Buffer.from(`${events.join('')}data: [DONE]\n\n`);
          const places = [...new Set(cuts.map((cut) => 1 + (cut % (bytes.length - 1))))].toSorted(
            (a, b) => a - b,
          );
          pieces = [0, ...places].map((at, i) => bytes.subarray(at, places[i] ?? bytes.length));
          firstArrived = Promise.withResolvers<void>();
          const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
            method: 'POST',
            headers: { authorization: 'Bearer k', 'x-pare-cache': 'off' },
            body: chatBody('stream', { stream: true }),
          });
          const arrived: Uint8Array[] = [];
          for await (const chunk of answer.body ?? []) {
            arrived.push(chunk);
            firstArrived.resolve();
          }
          expect(Buffer.concat(arrived).equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
