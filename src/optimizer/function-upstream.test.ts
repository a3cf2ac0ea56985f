import { describe, expect, it } from 'vitest';
import { createFunctionUpstream } from './function-upstream.ts';

describe('a function as upstream', () => {
  it('says nothing more after an abort, though its chunks end then', async () => {
    const heard: string[] = [];
    const begun = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const upstream = createFunctionUpstream(async ({ signal }) => {
      async function* chunks(): AsyncGenerator<string> {
        yield 'data: a\n\n';
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        setTimeout(over.resolve, 0);
      }
      return chunks();
    });
    const call = upstream.send(
      { method: 'POST', path: '/', headers: {}, body: null },
      {
        onHead: () => void heard.push('head'),
        onData: () => {
          heard.push('data');
          begun.resolve();
        },
        onEnd: () => void heard.push('end'),
        onError: () => void heard.push('error'),
      },
    );
    await begun.promise;
    call.abort();
    await over.promise;
    expect(heard).toEqual(['head', 'data']);
  });

  it('says nothing at all when it was aborted before it answered', async () => {
    const heard: string[] = [];
    const answer = Promise.withResolvers<object>();
    const upstream = createFunctionUpstream(() => answer.promise);
    const note = (what: string) => (): void => void heard.push(what);
    const call = upstream.send(
      { method: 'POST', path: '/', headers: {}, body: null },
      { onHead: note('head'), onData: note('data'), onEnd: note('end'), onError: note('error') },
    );
    call.abort();
    answer.resolve({});
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(heard).toEqual([]);
  });
});
