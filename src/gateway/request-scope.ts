import type { IncomingHttpHeaders } from 'node:http';
import { type CacheDirective, InputError, type StageMode, type StageName } from '../contract/index.ts';
import { nearest } from '../support/index.ts';
import { first } from './headers.ts';

const MAX_TAGS = 16;
const MAX_TAG_LENGTH = 128;
const MAX_SESSION_LENGTH = 256;

const STAGES: readonly StageName[] = [
  'exact-cache',
  'semantic-cache',
  'memory-recall',
  'tool-output',
  'context',
  'tool-selection',
  'prompt-compression',
  'budget',
];

/** Request headers that change what a provider answers; part of the cache's scope. */
const ANSWER_HEADERS = [
  'anthropic-version',
  'anthropic-beta',
  'openai-organization',
  'openai-project',
  'openai-beta',
];

/** What a caller asks of Pare by headers. */
export interface CallerWishes {
  readonly cache: CacheDirective;
  readonly session: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly stages: Readonly<Partial<Record<StageName, StageMode>>>;
  readonly answerHeaders: Readonly<Record<string, string>>;
}

const NO_TAGS: Readonly<Record<string, string>> = Object.freeze({});
const NO_STAGES: CallerWishes['stages'] = Object.freeze({});
const DEFAULT_DIRECTIVE: CacheDirective = Object.freeze({ mode: 'default', noStore: false });

/** Reads Pare's request headers. @throws InputError `invalid_header` for one that makes no sense */
export function readWishes(headers: IncomingHttpHeaders): CallerWishes {
  const tags = first(headers['x-pare-tags']);
  const stages = first(headers['x-pare-stages']);
  return {
    cache: readDirective(first(headers['x-pare-cache']), headers['cache-control']),
    session: readSession(first(headers['x-pare-session'])),
    tags: tags === undefined ? NO_TAGS : readTags(tags),
    stages: stages === undefined ? NO_STAGES : readStages(stages),
    answerHeaders: readAnswerHeaders(headers),
  };
}

function readDirective(wish: string | undefined, control: string | undefined): CacheDirective {
  if (wish === undefined && control === undefined) return DEFAULT_DIRECTIVE;
  const directives = (control ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.trim());
  const maxAge = directives
    .map((part) => /^max-age=(\d{1,9})$/.exec(part)?.[1])
    .find((age) => age !== undefined);
  return {
    mode: readMode(wish, directives),
    noStore: directives.includes('no-store'),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: Number(maxAge) }),
  };
}

function readMode(wish: string | undefined, directives: readonly string[]): CacheDirective['mode'] {
  switch (wish?.trim().toLowerCase()) {
    case undefined:
      if (directives.includes('only-if-cached')) return 'only-if-cached';
      return directives.includes('no-cache') ? 'refresh' : 'default';
    case 'on':
      return directives.includes('no-cache') ? 'refresh' : 'on';
    case 'off':
      return 'off';
    case 'refresh':
      return 'refresh';
    case 'only-if-cached':
      return 'only-if-cached';
    default:
      throw invalid('x-pare-cache', wish ?? '', 'on, off, refresh or only-if-cached');
  }
}

function readSession(value: string | undefined): string | null {
  if (value === undefined || value === '') return null;
  if (value.length > MAX_SESSION_LENGTH)
    throw invalid('x-pare-session', `${value.slice(0, 32)}...`, `at most ${MAX_SESSION_LENGTH} characters`);
  return value;
}

function readTags(text: string): Record<string, string> {
  const tags: Record<string, string> = {};
  const pairs = text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
  if (pairs.length > MAX_TAGS) throw invalid('x-pare-tags', `${pairs.length} tags`, `at most ${MAX_TAGS}`);
  for (const pair of pairs) {
    const [, name, value] = /^([A-Za-z0-9_.-]+)=(.*)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined || name === '__proto__' || pair.length > MAX_TAG_LENGTH) {
      throw invalid(
        'x-pare-tags',
        pair.slice(0, 64),
        `name=value pairs of at most ${MAX_TAG_LENGTH} characters, separated by commas`,
      );
    }
    tags[name] = value.trim();
  }
  return tags;
}

function readStages(text: string): Partial<Record<StageName, StageMode>> {
  const stages: Partial<Record<StageName, StageMode>> = {};
  for (const pair of text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')) {
    const [name = '', mode = ''] = pair.split('=').map((part) => part.trim());
    const stage = STAGES.find((candidate) => candidate === name);
    if (stage === undefined) {
      const meant = nearest(name, STAGES);
      throw invalid('x-pare-stages', name, meant === undefined ? STAGES.join(', ') : `"${meant}" perhaps`);
    }
    if (mode !== 'off' && mode !== 'shadow' && mode !== 'on')
      throw invalid('x-pare-stages', pair, 'NAME=off, NAME=shadow or NAME=on');
    stages[stage] = mode;
  }
  return stages;
}

function readAnswerHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of ANSWER_HEADERS) {
    const value = headers[name];
    if (value !== undefined) found[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return found;
}

function invalid(header: string, seen: string, wanted: string): InputError {
  return new InputError('invalid_header', `The header ${header} has "${seen}"; it takes ${wanted}.`);
}
