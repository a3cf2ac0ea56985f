import type { JsonObject, WireFormat } from '../../contract/index.ts';

interface ProblemOptions {
  readonly status?: number;
  /** The field at fault: `messages[0].role`. */
  readonly param?: string;
  /** OpenAI's `code`. */
  readonly code?: string;
}

/** A request that the simulated provider refuses, in the terms of the real APIs. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly param: string | null;
  readonly code: string | null;

  constructor(message: string, options: ProblemOptions = {}) {
    super(message);
    this.name = 'ApiProblem';
    this.status = options.status ?? 400;
    this.param = options.param ?? null;
    this.code = options.code ?? null;
  }
}

const OPENAI_TYPES: Readonly<Record<number, string>> = {
  429: 'requests',
  500: 'server_error',
  503: 'server_error',
};

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  502: 'api_error',
  503: 'api_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** The JSON body of a problem in the shape of a wire. */
export function problemBody(problem: ApiProblem, wire: WireFormat, requestId: string): JsonObject {
  if (wire === 'anthropic-messages') {
    return {
      type: 'error',
      error: {
        type: ANTHROPIC_TYPES[problem.status] ?? 'invalid_request_error',
        message: problem.param === null ? problem.message : `${dotted(problem.param)}: ${problem.message}`,
      },
      request_id: requestId,
    };
  }
  return {
    error: {
      message: problem.message,
      type: OPENAI_TYPES[problem.status] ?? 'invalid_request_error',
      param: problem.param,
      code: problem.code,
    },
  };
}

/** The event that ends a stream which failed in the middle. */
export function problemEvent(problem: ApiProblem, wire: WireFormat, requestId: string): string {
  if (wire === 'anthropic-messages') {
    return `event: error\ndata: ${JSON.stringify(problemBody(problem, wire, requestId))}\n\n`;
  }
  if (wire === 'openai-chat') return `data: ${JSON.stringify(problemBody(problem, wire, requestId))}\n\n`;
  const event = {
    type: 'error',
    code: problem.code,
    message: problem.message,
    param: null,
    sequence_number: 0,
  };
  return `event: error\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Anthropic writes `messages.0.role` where OpenAI writes `messages[0].role`. */
function dotted(param: string): string {
  return param.replaceAll(/\[(\d+)\]/g, '.$1');
}
