// Who may import whom. The layers: contract <- support <- capabilities <- optimizer <- faces <- cli.
const CAPABILITIES =
  'tokens|stores|wire|upstream|embeddings|cache|tools|prompt|context|logs|memory|ledger|rollout|pipeline';
const FACES = 'gateway|mcp|ci|integrations';
const TEST = '\\.test\\.ts$';

/** A third-party package and the only places that may import it. */
const home = (name, packages, places) => ({
  name: `home-of-${name}`,
  severity: 'error',
  from: { path: '^src/', pathNot: [...places, TEST, '^src/testing/'] },
  to: { path: `node_modules/(${packages})(/|$)` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contract-imports-nothing',
      severity: 'error',
      from: { path: '^src/contract/', pathNot: TEST },
      to: { pathNot: '^src/contract/' },
    },
    {
      name: 'support-imports-contract-only',
      severity: 'error',
      from: { path: '^src/support/', pathNot: TEST },
      to: { path: '^src/', pathNot: '^src/(contract|support)/' },
    },
    {
      name: 'capabilities-do-not-know-each-other',
      severity: 'error',
      from: { path: `^src/(${CAPABILITIES})/`, pathNot: TEST },
      to: { path: '^src/', pathNot: '^src/(contract|support|$1)/' },
    },
    {
      name: 'optimizer-knows-no-face',
      severity: 'error',
      from: { path: '^src/optimizer/', pathNot: TEST },
      to: { path: `^src/(${FACES}|cli)/` },
    },
    {
      name: 'faces-do-not-know-each-other',
      severity: 'error',
      from: { path: `^src/(${FACES})/`, pathNot: TEST },
      to: { path: `^src/(${FACES}|cli)/`, pathNot: '^src/$1/' },
    },
    {
      name: 'nobody-imports-the-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/cli/'] },
      to: { path: '^src/cli/' },
    },
    {
      name: 'only-tests-and-demo-import-testing',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/testing/', '^src/cli/', TEST] },
      to: { path: '^src/testing/' },
    },
    home('hono', 'hono|@hono', ['^src/gateway/']),
    home('undici', 'undici', ['^src/upstream/']),
    home('tokenizer', 'gpt-tokenizer', ['^src/tokens/']),
    home('commander', 'commander|cli-progress', ['^src/cli/']),
    home('levenshtein', 'fastest-levenshtein', ['^src/support/']),
    home('transformers', '@huggingface', ['^src/embeddings/']),
    home('zod', 'zod', ['^src/optimizer/']),
    home('mcp-sdk', '@modelcontextprotocol', ['^src/mcp/', '^src/memory/']),
    home('prom-client', 'prom-client', ['^src/gateway/']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
