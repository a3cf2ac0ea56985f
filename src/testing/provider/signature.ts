import { hash } from 'node:crypto';

/**
 * The signature that the simulated provider gives a thinking text. It depends on the text alone, so a
 * changed or stripped thinking block is found as the real API finds it.
 */
export function signatureOf(thinking: string): string {
  return hash('sha512', `simulated thinking\n${thinking}`, 'base64');
}
