export { UpstreamError } from './errors.ts';
export type { UpstreamOptions } from './options.ts';
export { createUpstream } from './upstream.ts';
