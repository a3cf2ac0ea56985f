import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { AGENT_SYSTEM, AGENT_TOOLS } from './agent-tools.data.ts';
import { AGENT_STEPS, AGENT_TASK } from './coding-agent.data.ts';
import { BRIEFING, BRIEFING_FOLLOW_UP, DRAFT_INSTRUCTIONS, DRAFTS } from './drafts.data.ts';
import { HANDBOOK_QUESTIONS, HANDBOOK_SYSTEM, handbookPrompt } from './handbook.data.ts';
import { SUPPORT_CONVERSATION, SUPPORT_QUESTIONS, SUPPORT_SYSTEM } from './support-bot.data.ts';
import { TICKET_SCHEMA, TICKET_SYSTEM, TICKETS } from './tickets.data.ts';
import type { SampleRequest, SampleSession } from './types.ts';

const READERS_AT_ONCE = 6;

/**
 * Returns the sessions that `pare demo` plays: six invented applications, written for Pare, with
 * requests that a cache can answer and, for the most part, requests that it cannot. All of them are
 * valid for the real providers; tool calls and their results are part of the text, so no answer is
 * needed to send the next request.
 */
export function sampleSessions(): readonly SampleSession[] {
  return [
    {
      name: 'support-bot',
      description: 'A shop bot: some questions come again with other blanks, some only look alike.',
      requests: supportBot(),
    },
    {
      name: 'handbook-search',
      description: 'Retrieval with one long system prompt and fresh passages for each question.',
      requests: HANDBOOK_QUESTIONS.map((_, at) =>
        chat(
          { model: 'gpt-4o', system: HANDBOOK_SYSTEM, user: handbookPrompt(at) },
          { stream: true, stream_options: { include_usage: true } },
        ),
      ),
    },
    {
      name: 'coding-agent',
      description: 'One task of a coding agent: every turn sends the growing history again.',
      requests: codingAgent(),
    },
    {
      name: 'ticket-batch',
      description: 'A nightly classification job; monitors and customers send some tickets twice.',
      requests: TICKETS.map((ticket) =>
        chat({ model: 'gpt-4.1-mini', system: TICKET_SYSTEM, user: ticket }, ticketSettings()),
      ),
    },
    {
      name: 'briefing-page',
      description: 'A page that several people open in the same moment, and a question about it later.',
      requests: briefingPage(),
    },
    {
      name: 'press-drafts',
      description: 'Drafting at a high temperature: every request is new.',
      requests: DRAFTS.map((draft) => respond(draft, { temperature: 0.9 })),
    },
  ];
}

function chat(
  prompt: { readonly model: string; readonly system: string; readonly user: string },
  more: JsonObject = {},
): SampleRequest {
  const messages = [
    { role: 'system', content: prompt.system },
    { role: 'user', content: prompt.user },
  ];
  return { wire: 'openai-chat', body: { model: prompt.model, messages, ...more } };
}

function respond(input: string, more: JsonObject = {}): SampleRequest {
  return {
    wire: 'openai-responses',
    body: { model: 'gpt-4.1', instructions: DRAFT_INSTRUCTIONS, input, max_output_tokens: 400, ...more },
  };
}

function ticketSettings(): JsonObject {
  const format = {
    type: 'json_schema',
    json_schema: { name: 'ticket', strict: true, schema: TICKET_SCHEMA },
  };
  return { temperature: 0, max_completion_tokens: 60, response_format: format };
}

function supportBot(): SampleRequest[] {
  const settings = { temperature: 0, max_completion_tokens: 200 };
  const singles = SUPPORT_QUESTIONS.map((user) =>
    chat({ model: 'gpt-4o-mini', system: SUPPORT_SYSTEM, user }, settings),
  );
  const conversation = SUPPORT_CONVERSATION.map(({ user }, at): SampleRequest => {
    const earlier = SUPPORT_CONVERSATION.slice(0, at).flatMap((turn) => [
      { role: 'user', content: turn.user },
      { role: 'assistant', content: turn.assistant },
    ]);
    const messages = [
      { role: 'system', content: SUPPORT_SYSTEM },
      ...earlier,
      { role: 'user', content: user },
    ];
    return { wire: 'openai-chat', body: { model: 'gpt-4o-mini', messages, ...settings } };
  });
  return [...singles, ...conversation];
}

function briefingPage(): SampleRequest[] {
  const readers = Array.from({ length: READERS_AT_ONCE }, () => ({
    ...respond(BRIEFING, { temperature: 0 }),
    concurrentGroup: 'opened-at-nine',
  }));
  const later = respond(`${BRIEFING}\n\n${BRIEFING_FOLLOW_UP}`, { temperature: 0 });
  return [...readers, respond(BRIEFING, { temperature: 0 }), later];
}

/** One request a turn; breakpoints after the system prompt and the newest content, as agents set them. */
function codingAgent(): SampleRequest[] {
  const marker = { cache_control: { type: 'ephemeral' } };
  const system = [{ type: 'text', text: AGENT_SYSTEM, ...marker }];
  return Array.from({ length: AGENT_STEPS.length + 1 }, (_, turn): SampleRequest => {
    const body: JsonObject = {
      model: 'claude-sonnet-4-6',
      max_tokens: 2048,
      stream: true,
      system,
      tools: AGENT_TOOLS,
      messages: agentMessages(turn, marker),
    };
    return { wire: 'anthropic-messages', body, headers: { 'anthropic-version': '2023-06-01' } };
  });
}

function agentMessages(turn: number, marker: JsonObject): JsonValue[] {
  const mark = (isLast: boolean): JsonObject => (isLast ? marker : {});
  const task = { role: 'user', content: [{ type: 'text', text: AGENT_TASK, ...mark(turn === 0) }] };
  const steps = AGENT_STEPS.slice(0, turn).flatMap((step, at): JsonValue[] => {
    const id = `toolu_sample_${at + 1}`;
    return [
      {
        role: 'assistant',
        content: [
          { type: 'text', text: step.says },
          { type: 'tool_use', id, name: step.tool, input: step.input },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: id, content: step.result, ...mark(at === turn - 1) }],
      },
    ];
  });
  return [task, ...steps];
}
