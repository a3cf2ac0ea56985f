export type { CopyDraft } from './copy-draft.ts';
export { readText } from './read-text.ts';
export { parseReference } from './reference.ts';
export { createReferences, type References } from './references.ts';
