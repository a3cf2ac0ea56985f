import type { Priority } from '../../contract/index.ts';
import type { LineRole } from './recogniser.ts';

/**
 * The priority of a role where a recogniser names none. Tables raise totals that count failures and fatal
 * errors to `critical`, and lower exits with code 0.
 */
export const ROLE_PRIORITY: Readonly<Record<LineRole, Priority>> = {
  failure: 'critical',
  error: 'high',
  cause: 'critical',
  section: 'high',
  detail: 'high',
  frame: 'high',
  summary: 'high',
  exit: 'critical',
  warning: 'medium',
  step: 'low',
  pass: 'low',
  progress: 'verbose',
  info: 'low',
  debug: 'verbose',
};

/** Roles from the most telling to the least: the order in which recognisers are tried. */
export const ROLE_ORDER: readonly LineRole[] = [
  'failure',
  'exit',
  'error',
  'cause',
  'section',
  'summary',
  'pass',
  'frame',
  'warning',
  'detail',
  'step',
  'progress',
  'info',
  'debug',
];
