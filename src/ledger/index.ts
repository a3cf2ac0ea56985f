export { createLedger, type Ledger, type ReportOptions } from './ledger.ts';
export type { LedgerOptions } from './options.ts';
export { type RenderFormat, renderRankings, renderReport, renderStats } from './render/render.ts';
export type {
  BasisMix,
  CacheFigures,
  CacheSection,
  EfficiencyRanking,
  Rankings,
  Recommendation,
  Report,
  SavingsSection,
  SemanticFigures,
  StageFigures,
  Stats,
  UsageFigures,
  UsageSection,
} from './types.ts';
