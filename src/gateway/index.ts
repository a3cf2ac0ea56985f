export { type Gateway, startGateway } from './gateway.ts';
export { createIssuedKeys, type IssuedKey, type IssuedKeys } from './issued-keys.ts';
