import { type Gate, versus } from './gate.ts';

/** "this sentence", "the following program": what is pointed at stands elsewhere, and may be another each time. */
export const pointingGate: Gate = ({ a, b }) =>
  a.pointers.length + b.pointers.length === 0 ? null : versus(a.pointers, b.pointers);
