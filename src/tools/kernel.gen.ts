// Made from kernel.as by scripts/build-tools-kernel.mjs with assemblyscript@0.28.20; not to be changed by hand.
/** The compiled kernel, as base64. */
export const KERNEL =
  'AGFzbQEAAAABCQFgBX9/f39/AAIPAQNlbnYGbWVtb3J5AgACAwIBAAcVAghwcm9kdWN0cwAABm1lbW9yeQIACskBAcYBAgN/A3sDQCABIAdKBED9DAAAAAAAAAAAAAAAAAAAAAAhCP0MAAAAAAAAAAAAAAAAAAAAACEJIAMhBUEAIQYDQCACIAZKBEAgCCAA/QAEACIK/YcBIAX9AAQA/boB/a4BIQggCSAK/YgBIAX9AAQQ/boB/a4BIQkgAEEQaiEAIAVBIGohBSAGQQFqIQYMAQsLIAQgCCAJ/a4BIgj9GwAgCP0bAWogCP0bAmogCP0bA2o2AgAgBEEEaiEEIAdBAWohBwwBCwsL';
/** SHA-256 of the kernel.as that it was made from. */
export const KERNEL_SOURCE =
  'b0d4a7000f76327c49f107b81f683c8d47c4bf7ff5d19400b3cc71529e784af2';
