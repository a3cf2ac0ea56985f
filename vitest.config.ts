import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'bench/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Many threads that come and go, each of which reads TypeScript by WebAssembly, crash V8 now and then:
    // where the wrapper of an imported function tiers up, it frees code of a module that is gone already.
    execArgv: ['--wasm-wrapper-tiering-budget=2000000000'],
    reporters: ['default'],
  },
});
