export * from './exact.ts';
export * from './semantic/index.ts';
