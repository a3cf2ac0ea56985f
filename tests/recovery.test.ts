import { describe, expect, it } from 'vitest';
import type { AnswerHead } from '../src/pipeline/index.ts';
import {
  bodyOf,
  cutAfter,
  firstToolOnly,
  recoverMissing,
  requestOf,
  streamedOf,
  streamOf,
} from '../src/testing/fixtures/recovery.ts';
import { scopeOf } from '../src/testing/fixtures/request-scope.ts';
import { bench, waitFor } from '../src/testing/fixtures/runner-bench.ts';
import { createUpstream } from '../src/upstream/index.ts';
import { startUpstreamServer, type UpstreamServer } from './support/upstream-server.ts';

const WIRE = 'anthropic-messages';

/** Runs one request through a recovering runner, over the network. */
async function ask(server: UpstreamServer, request = streamedOf(WIRE)) {
  const upstream = createUpstream({ name: 'anthropic', baseUrl: server.url });
  const made = bench([firstToolOnly(recoverMissing)]);
  const chunks: Uint8Array[] = [];
  let head: AnswerHead | undefined;
  await new Promise<void>((resolve, reject) => {
    made.runner.run({
      request,
      scope: scopeOf(),
      upstream,
      path: '/v1/messages',
      headers: { 'x-api-key': 'k' },
      sink: {
        onHead: (seen) => {
          head = seen;
        },
        onData: (chunk) => void chunks.push(chunk),
        onEnd: resolve,
        onError: reject,
      },
    });
  });
  await waitFor(() => made.records.length === 2);
  await upstream.close();
  return { head, body: Buffer.concat(chunks), records: made.records };
}

describe('a retry over the network (INV-T4)', () => {
  it('cuts the first stream off in the middle and streams the second', async () => {
    const right = streamOf(WIRE, { text: 'It rains in Oslo.' });
    const closed = Promise.withResolvers<void>();
    let asked = 0;
    await using server = await startUpstreamServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (++asked > 1) {
        response.end(right);
      } else {
        response.on('close', () => closed.resolve());
        response.write(cutAfter(streamOf(WIRE, { calls: ['weather'] }), '"weather"'));
      }
    });
    const { head, body, records } = await ask(server);
    await closed.promise;
    expect(body.equals(right)).toBe(true);
    expect(head?.stages).toEqual(['tool-selection=recovered']);
    expect(server.received).toHaveLength(2);
    expect(server.received[1]?.equals(streamedOf(WIRE).source.bytes)).toBe(true);
    expect(records.map(({ id, status }) => [id, status])).toEqual([
      ['r-first', 499],
      ['r', 200],
    ]);
  });

  it('replaces a whole answer', async () => {
    const answers = [{ calls: ['weather'] }, { text: 'It rains in Oslo.' }];
    await using server = await startUpstreamServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(bodyOf(WIRE, answers.shift() ?? {})));
    });
    const { body } = await ask(server, requestOf(WIRE));
    expect(JSON.parse(body.toString())).toEqual(bodyOf(WIRE, { text: 'It rains in Oslo.' }));
    expect(server.received).toHaveLength(2);
  });
});
