// A gateway in a process of its own, to be killed: node tests/support/worker-stack.ts DATA_DIR UPSTREAM_URL
// Prints one JSON line when it listens: {"url":"http://127.0.0.1:PORT"}
import process from 'node:process';
import { startGateway } from '../../src/gateway/index.ts';
import { createCore } from '../../src/optimizer/index.ts';
import { testConfig } from './gateway.ts';

const [dataDir = '', upstream = ''] = process.argv.slice(2);
const core = await createCore({
  config: await testConfig(dataDir, {
    'upstreams.openai.url': upstream,
    'upstreams.anthropic.url': upstream,
  }),
  onEvent: (event) => void process.stderr.write(`${JSON.stringify(event)}\n`),
});
const gateway = await startGateway(core);
process.stdout.write(`${JSON.stringify({ url: gateway.url })}\n`);
