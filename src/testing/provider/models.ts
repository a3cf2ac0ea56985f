import type { JsonObject } from '../../contract/index.ts';

/** The models listed when the options name none. */
export const DEFAULT_MODELS = [
  'gpt-4o',
  'gpt-4o-mini',
  'gpt-4.1',
  'gpt-5',
  'gpt-5-mini',
  'o4-mini',
  'text-embedding-3-small',
  'claude-opus-4-6',
  'claude-sonnet-4-6',
  'claude-haiku-4-5',
] as const;

const CREATED = 1_735_689_600;

/** The answer of `GET /v1/models` in OpenAI's form. */
export function openaiModels(models: readonly string[]): JsonObject {
  return { object: 'list', data: models.map((id) => openaiModel(id)) };
}

/** One model in OpenAI's form. */
export function openaiModel(id: string): JsonObject {
  return { id, object: 'model', created: CREATED, owned_by: 'simulated' };
}

/** The answer of `GET /v1/models` in Anthropic's form. */
export function anthropicModels(models: readonly string[]): JsonObject {
  return {
    data: models.map((id) => anthropicModel(id)),
    has_more: false,
    first_id: models[0] ?? null,
    last_id: models.at(-1) ?? null,
  };
}

/** One model in Anthropic's form. */
export function anthropicModel(id: string): JsonObject {
  return { type: 'model', id, display_name: id, created_at: new Date(CREATED * 1000).toISOString() };
}
