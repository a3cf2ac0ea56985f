export {
  type ChatOptions,
  type ChatParams,
  type ChatResult,
  chat,
  chatStream,
  ProviderError,
} from './chat.ts';
export { type Config, type ConfigInput, configSchema, defineConfig } from './config.ts';
export { configJsonSchema } from './config-view.ts';
export { type Core, type CoreOptions, createCore } from './core.ts';
export { ENVIRONMENT_KEYS } from './environment.ts';
export type { FunctionRequest, UpstreamFunction } from './function-upstream.ts';
export { type LoadedConfig, loadConfig } from './load-config.ts';
export { type BatchOutcome, createPare, type Pare, type PareBatchOptions, type PareOptions } from './pare.ts';
export { PRESETS, type Preset } from './presets.ts';
export { parseConfig } from './validate-config.ts';
