export { compilePattern } from './compile-pattern.ts';
export { classifyFirst, familyOf } from './family.ts';
export { SplitLog } from './split-log.ts';
export { splitShapes } from './split-shapes.ts';
