export { type HeaderStripper, learnHeader } from './header.ts';
export { mask } from './mask.ts';
export { createMiner } from './miner.ts';
