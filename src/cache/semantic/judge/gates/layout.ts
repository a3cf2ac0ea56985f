import type { Gate } from './gate.ts';

/** Indented lines must be indented alike: moved by a step, a line of code belongs to something else. */
export const layoutGate: Gate = ({ a, b }) => (a.layout === b.layout ? null : 'other lines');
