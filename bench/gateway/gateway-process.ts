// A gateway as `pare serve` starts it, which also tells its heap when asked over IPC.
// Arguments: UPSTREAM_URL DATA_DIR [MODE of the semantic cache [FOLDER of a model in ONNX form, as its embedder]]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepRequestsYoung } from '../../src/cli/server-heap.ts';
import type { StageMode } from '../../src/contract/index.ts';
import { startGateway } from '../../src/gateway/index.ts';
import { createCore, parseConfig } from '../../src/optimizer/index.ts';

keepRequestsYoung();
const [upstream = '', dataDir = '', semantic, model] = process.argv.slice(2);
const config = parseConfig({
  dataDir,
  server: { port: 0 },
  upstreams: { openai: { url: upstream }, anthropic: { url: upstream } },
  // Every hit is served, so that there are many to be timed.
  ...(semantic === undefined
    ? {}
    : {
        stages: { 'semantic-cache': semantic as StageMode },
        semantic: {
          maxFalseHitRate: 1,
          exploreShare: 0,
          verifyShare: 0,
          ...(model === undefined ? {} : { embedder: onnxOf(model) }),
        },
      }),
});
const core = await createCore({
  config,
  onEvent: (event) => process.stderr.write(`${event.code}: ${event.message}\n`),
});
const gateway = await startGateway(core);
process.stdout.write(`${JSON.stringify({ url: gateway.url })}\n`);

process.on('message', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  process.send?.({ heapUsed: process.memoryUsage().heapUsed, rss: process.memoryUsage().rss });
});
process.on('SIGTERM', () => {
  void gateway
    .close()
    .then(() => core.close())
    .then(() => process.exit(0));
});

function onnxOf(model: string) {
  const { hidden_size: dimensions } = JSON.parse(readFileSync(join(model, 'config.json'), 'utf8')) as {
    hidden_size: number;
  };
  return { kind: 'onnx' as const, model, dimensions };
}
