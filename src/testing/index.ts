export { createFakeClock, type FakeClock } from './clock.ts';
export { createEventLog, type EventLog } from './events.ts';
export { createFakeEmbedder, type FakeEmbedder, type FakeEmbedderOptions } from './fake-embedder.ts';
export {
  createFakeUpstream,
  type FakeAnswer,
  type FakeCall,
  type FakeHandler,
  type FakeUpstream,
} from './fake-upstream.ts';
export { createFakeIds } from './ids.ts';
export { approximateTokens, IMAGE_TOKENS, MESSAGE_TOKENS, PRIMING_TOKENS } from './provider/counting.ts';
export { defaultAnswer } from './provider/default-answer.ts';
export { simulatedEmbedding } from './provider/embeddings.ts';
export { type Fault, type Pacing, readSimulation, type Simulation } from './provider/faults.ts';
export type {
  AccessOptions,
  PacingOptions,
  SimulatedProviderOptions,
} from './provider/options.ts';
export type { RecordedRequest, RecordingOptions } from './provider/record.ts';
export {
  createSimulatedProvider,
  type ProviderCounters,
  type SimulatedProvider,
} from './provider/simulated-provider.ts';
export type {
  SimulatedAnswer,
  SimulatedImage,
  SimulatedRequest,
  SimulatedTool,
  SimulatedToolCall,
  SimulatedToolSearch,
  SimulatedTurn,
} from './provider/types.ts';
export { sampleSessions } from './sessions/sample-sessions.ts';
export type { SampleRequest, SampleSession } from './sessions/types.ts';
