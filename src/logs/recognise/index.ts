export { type Classifier, createClassifier } from './classify.ts';
export { splitPrefix, stripColours } from './prefix.ts';
export { QUIET_REGIONS, REGION_HINT } from './quiet-regions.ts';
export type { LineClass, LineRole, Recogniser, RecogniserFamily } from './recogniser.ts';
