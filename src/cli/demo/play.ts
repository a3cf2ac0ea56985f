import {
  AbortedError,
  type JsonObject,
  PareError,
  type UsageRecord,
  type WireFormat,
} from '../../contract/index.ts';
import type { Gateway } from '../../gateway/index.ts';
import type { Core } from '../../optimizer/index.ts';
import type { SampleRequest, SampleSession } from '../../testing/index.ts';

const PATHS: Readonly<Record<WireFormat, string>> = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
};
/** No provider is asked, so any key will do. */
const KEY = 'sk-demo';

/** A session that was played, and the record of each of its requests. */
export interface PlayedSession {
  readonly session: SampleSession;
  readonly records: readonly UsageRecord[];
}

/** Sends every request of the sessions to the gateway, as their clients would, and waits for the answers. */
export async function playSessions(
  parts: { readonly core: Core; readonly gateway: Gateway; readonly signal: AbortSignal },
  sessions: readonly SampleSession[],
): Promise<readonly PlayedSession[]> {
  const records: UsageRecord[] = [];
  parts.core.onRecord((record) => void records.push(record));
  for (const session of sessions) {
    for (const group of groupsOf(session.requests)) {
      await Promise.all(group.map((request) => send(request, { ...parts, session: session.name })));
    }
  }
  const wanted = sessions.reduce((sum, { requests }) => sum + requests.length, 0);
  if (records.length !== wanted) {
    throw new PareError('demo_failed', `${wanted} requests were sent, but ${records.length} were recorded.`);
  }
  return sessions.map((session) => ({
    session,
    records: records.filter((record) => record.session === session.name),
  }));
}

/** Requests that go out at the same time; most go alone. */
function groupsOf(requests: readonly SampleRequest[]): SampleRequest[][] {
  const groups: SampleRequest[][] = [];
  for (const request of requests) {
    const last = groups.at(-1);
    const isTogether =
      request.concurrentGroup !== undefined && last?.[0]?.concurrentGroup === request.concurrentGroup;
    if (isTogether) last?.push(request);
    else groups.push([request]);
  }
  return groups;
}

async function send(
  { wire, body, headers }: SampleRequest,
  to: { readonly gateway: Gateway; readonly signal: AbortSignal; readonly session: string },
): Promise<void> {
  const credentials: JsonObject =
    wire === 'anthropic-messages' ? { 'x-api-key': KEY } : { authorization: `Bearer ${KEY}` };
  try {
    const response = await fetch(to.gateway.url + PATHS[wire], {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-pare-session': to.session,
        ...(credentials as Record<string, string>),
        ...headers,
      },
      body: JSON.stringify(body),
      signal: to.signal,
    });
    const text = await response.text();
    if (response.status === 200) return;
    throw new PareError('demo_failed', `A request of "${to.session}" got status ${response.status}: ${text}`);
  } catch (cause) {
    if (to.signal.aborted) throw new AbortedError(undefined, { cause });
    throw cause;
  }
}
