export { type Classifier, createClassifier } from './classify.ts';
export { ECHO_REGIONS } from './echoes.ts';
export { splitPrefix, stripColours } from './prefix.ts';
export type { LineClass, LineRole, Recogniser, RecogniserFamily } from './recogniser.ts';
