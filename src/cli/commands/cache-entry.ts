import type { CacheHit, SimpleAnswer, SimpleRequest, SimpleScope } from '../../cache/exact.ts';
import { InputError, type JsonObject, type WireFormat } from '../../contract/index.ts';
import type { Core } from '../../optimizer/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { readJsonObject } from '../input.ts';
import { withCore } from '../open-core.ts';
import { toJson } from '../output.ts';

/** `pare cache get`: the stored answer to a request; exit 1 when there is none. */
export async function get(context: CommandContext): Promise<ExitCode> {
  const { io, globals } = context;
  const written = await readRequest(context);
  const { hit, tenant } = await withCore(context, async (core) => {
    const { request, scope } = complete(context, core, written);
    return { hit: await core.cache.get(request, scope), tenant: scope.tenant };
  });
  if (hit === undefined) {
    if (globals.json === true) await io.out(toJson({ hit: false, tenant }));
    io.note(`pare: no answer is stored for this request of the tenant "${tenant}"`);
    return 1;
  }
  const { text } = hit.response;
  await io.out(globals.json === true ? toJson(describeHit(hit)) : text.endsWith('\n') ? text : `${text}\n`);
  io.note(`pare: stored ${hit.ageSeconds} s ago for ${hit.entry.model}`);
  return 0;
}

/** `pare cache set`: stores an answer; a running gateway serves it at once. */
export async function set(context: CommandContext): Promise<ExitCode> {
  const { io, globals } = context;
  const answer = await readAnswer(context);
  const written = await readRequest(context);
  const { key, tenant } = await withCore(context, async (core) => {
    const { request, scope } = complete(context, core, written);
    return { key: await core.cache.set(request, answer, scope), tenant: scope.tenant };
  });
  await io.out(globals.json === true ? toJson({ key, tenant }) : `${key}\n`);
  return 0;
}

/** A request as given: a prompt, or a body from a file or stdin. */
async function readRequest(context: CommandContext): Promise<JsonObject> {
  const { options } = context;
  const path = context.args[0] as string | undefined;
  const { prompt, system } = options as { readonly prompt?: string; readonly system?: string };
  if (prompt !== undefined && path !== undefined) {
    throw new InputError('conflicting_options', 'Give the request as a file or as --prompt, not both.');
  }
  if (prompt === undefined && system !== undefined) {
    throw new InputError(
      'conflicting_options',
      '--system goes with --prompt; in a file it is part of the body.',
    );
  }
  if (prompt === undefined) return readJsonObject(context, path);
  if (system === undefined) return { prompt };
  return WITH_SYSTEM[wireOf(context, {})](system, prompt);
}

const WITH_SYSTEM: Readonly<Record<WireFormat, (system: string, prompt: string) => JsonObject>> = {
  'openai-chat': (system, prompt) => ({ messages: [{ role: 'system', content: system }], prompt }),
  'openai-responses': (system, prompt) => ({ instructions: system, prompt }),
  'anthropic-messages': (system, prompt) => ({ system, prompt }),
};

async function readAnswer(context: CommandContext): Promise<SimpleAnswer> {
  const { answer, body, ttlSeconds } = context.options as {
    readonly answer?: string;
    readonly body?: string;
    readonly ttlSeconds?: number;
  };
  if ((answer === undefined) === (body === undefined)) {
    throw new InputError(
      'missing_answer',
      'Give the answer as --answer TEXT or as --body FILE, one of them.',
    );
  }
  const isStdinTaken = context.options['prompt'] === undefined && (context.args[0] ?? '-') === '-';
  if (body === '-' && isStdinTaken) {
    throw new InputError('conflicting_options', 'The request and the answer cannot both come from stdin.');
  }
  return {
    ...(answer === undefined ? { body: await readJsonObject(context, body) } : { text: answer }),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  };
}

function complete(
  context: CommandContext,
  core: Core,
  written: JsonObject,
): { readonly request: SimpleRequest; readonly scope: SimpleScope & { readonly tenant: string } } {
  const { options, globals } = context;
  const wire = wireOf(context, written);
  const own = typeof written['model'] === 'string' ? written['model'] : undefined;
  return {
    request: { ...written, model: globals.model ?? own ?? core.config.model },
    scope: {
      wire,
      tenant: (options['tenant'] as string | undefined) ?? 'local',
      upstream: core.upstreams[wire === 'anthropic-messages' ? 'anthropic' : 'openai'].baseUrl,
      answerHeaders: (options['header'] as Record<string, string> | undefined) ?? {},
    },
  };
}

function wireOf({ options }: CommandContext, written: JsonObject): WireFormat {
  const wire = options['wire'] as WireFormat | undefined;
  if (wire !== undefined) return wire;
  return 'input' in written && !('messages' in written) ? 'openai-responses' : 'openai-chat';
}

function describeHit({ entry, response, ageSeconds }: CacheHit): object {
  const { usage } = entry;
  return {
    hit: true,
    key: entry.key,
    tenant: entry.tenant,
    wire: entry.wire,
    model: entry.model,
    age_seconds: ageSeconds,
    created_at: new Date(entry.createdAt).toISOString(),
    expires_at: new Date(entry.expiresAt).toISOString(),
    hits: entry.hits,
    usage: {
      input_tokens: usage.inputTokens,
      output_tokens: usage.outputTokens,
      cache_read_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWriteTokens + usage.cacheWrite1hTokens,
      reasoning_tokens: usage.reasoningTokens,
      basis: entry.usageBasis,
    },
    cost_usd: entry.costUsd,
    text: response.text,
    response: JSON.parse(Buffer.from(response.bytes).toString('utf8')) as unknown,
  };
}
