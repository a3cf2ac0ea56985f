type Schema = Readonly<Record<string, unknown>>;

const HOURS: Schema = {
  name: 'hours',
  in: 'query',
  description: 'Length of the period that ends now.',
  schema: { type: 'number', exclusiveMinimum: 0, default: 24 },
};

const ERROR: Schema = {
  description: 'What went wrong, with a stable code.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error'],
        properties: {
          error: {
            type: 'object',
            required: ['code', 'message'],
            properties: { code: { type: 'string' }, message: { type: 'string' } },
          },
        },
      },
    },
  },
};

/** The OpenAPI description of `/api`, health and metrics; the model routes follow their providers' own. */
export function describeApi(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pare',
      version,
      description: 'Figures of a Pare gateway. All JSON is snake_case; times are UTC, money USD.',
    },
    paths: {
      '/healthz': { get: read('The process answers.') },
      '/readyz': { get: read('Ready, or degraded with the reasons; traffic flows in both cases.') },
      '/metrics': {
        get: {
          summary: 'Prometheus metrics.',
          responses: { 200: { description: 'Text exposition format.' } },
        },
      },
      '/api/stats': { get: read('Sums of cache and usage.', [HOURS]) },
      '/api/report': {
        get: read('Sums, net savings with their interval, rankings, recommendations.', [HOURS]),
      },
      '/api/rankings': { get: read('Models by efficiency.', [HOURS]) },
      '/api/models': { get: read('Known models and prices, each with source and date.') },
      '/api/events': { get: read('Counts of events by code, and the latest.') },
      '/api/originals/{ref}': {
        get: read('The original behind a reference in a compacted text.', [
          { name: 'ref', in: 'path', required: true, schema: { type: 'string' } },
        ]),
      },
      '/api/optimize': {
        post: {
          ...read('A dry run: the request that would be sent, and the measurements. Nobody is called.', [
            {
              name: 'wire',
              in: 'query',
              schema: {
                type: 'string',
                enum: ['openai-chat', 'openai-responses', 'anthropic-messages'],
                default: 'openai-chat',
              },
            },
          ]),
          requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
        },
      },
    },
  };
}

function read(summary: string, parameters: readonly Schema[] = []): Record<string, unknown> {
  return {
    summary,
    parameters,
    responses: {
      200: { description: summary, content: { 'application/json': { schema: { type: 'object' } } } },
      default: ERROR,
    },
  };
}
