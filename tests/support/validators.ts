import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject } from '../../src/contract/index.ts';

/** Makes validators of one draft; formats are checked, what a draft does not know is passed over. */
export function createValidators(draft: '07' | '2020-12'): (schema: JsonObject) => ValidateFunction {
  const ajv = new (draft === '07' ? Ajv : Ajv2020)({ strict: false, logger: false });
  ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
  return (schema) => {
    const validate = ajv.compile(schema);
    // What is compiled is kept by the schema, and there are many.
    ajv.removeSchema(schema);
    return validate;
  };
}
