import type {
  CalibrationObservation,
  ChatRequest,
  Encoding,
  JsonValue,
  RequestTokens,
  TokenCount,
  TokenCounter,
} from '../contract/index.ts';
import { AbortedError } from '../contract/index.ts';
import { BoundedMap, throwIfAborted } from '../support/index.ts';
import { Calibration, type CalibrationState } from './calibration.ts';
import { CountingPool } from './counting-pool.ts';
import { type EncodingCounter, loadEncoding, loadEncodingSync } from './encoding.ts';
import type { TokenCounterOptions } from './options.ts';
import { createProfile, type Profile } from './profile.ts';
import { countRaw, type RawRequest, uncountedTexts } from './request-tokens.ts';
import { TextCounts } from './text-counts.ts';

const WORKER_THRESHOLD_CHARS = 65_536;
const MAX_PROFILES = 500;

/** A `TokenCounter` that learns, and whose learning can be kept. */
export interface CalibratedTokenCounter extends TokenCounter {
  /** What was learned, as JSON for a store. */
  calibrationState(): CalibrationState;
  /** Takes over what `calibrationState` gave, and ignores what is not in its form. */
  restore(state: JsonValue): void;
  /** The counter of an encoding, loaded on first use. */
  encoding(encoding: Encoding): EncodingCounter;
  /** Ends the worker threads. Counting goes on to work. */
  close(): Promise<void>;
}

class Counter implements CalibratedTokenCounter {
  readonly #options: TokenCounterOptions;
  readonly #texts = new Map<Encoding, TextCounts>();
  readonly #profiles = new BoundedMap<string, Profile>(MAX_PROFILES);
  readonly #calibration = new Calibration();
  readonly #pool: CountingPool;
  readonly #threshold: number;
  #last: Profile | undefined;

  constructor(options: TokenCounterOptions, loaded: readonly EncodingCounter[]) {
    this.#options = options;
    this.#pool = new CountingPool(options.maxWorkers);
    this.#threshold = options.workerThresholdChars ?? WORKER_THRESHOLD_CHARS;
    for (const counter of loaded) this.#texts.set(counter.encoding, new TextCounts(counter));
  }

  countText(text: string, model: string): TokenCount {
    const profile = this.#profile(model);
    const { tokens, contentClass } = profile.texts.of(text);
    if (profile.isExact) return { tokens, basis: 'exact', errorBand: 0 };
    const { factor, errorBand } = profile.ratio;
    const learned = this.#calibration.ratio(model, contentClass);
    const corrected = Math.round(tokens * factor * (learned?.ratio ?? 1));
    if (learned === undefined) return { tokens: corrected, basis: 'estimated', errorBand };
    return { tokens: corrected, basis: 'calibrated', errorBand: learned.errorBand };
  }

  countRequest(request: ChatRequest, signal?: AbortSignal): RequestTokens | Promise<RequestTokens> {
    const profile = this.#profile(request.model);
    const texts = uncountedTexts(request, profile, this.#threshold);
    if (texts.length > 0) return this.#countFar(request, texts, signal);
    return this.#finish(countRaw(request, profile), profile);
  }

  observe(observation: CalibrationObservation): void {
    this.#calibration.observe(observation);
  }

  calibrationState(): CalibrationState {
    return this.#calibration.state();
  }

  restore(state: JsonValue): void {
    this.#calibration.restore(state);
  }

  encoding(encoding: Encoding): EncodingCounter {
    return this.#textsOf(encoding).counter;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #countFar(
    request: ChatRequest,
    texts: readonly string[],
    signal?: AbortSignal,
  ): Promise<RequestTokens> {
    const profile = this.#profile(request.model);
    const { counter } = profile.texts;
    try {
      const counts = await this.#pool.run({ kind: 'texts', encoding: counter.encoding, texts }, signal);
      for (const [index, text] of texts.entries()) profile.texts.put(text, counts[index] as number);
    } catch (cause) {
      if (cause instanceof AbortedError) throw cause;
      throwIfAborted(signal);
      // The count is still owed; without workers it is made here.
      this.#options.onEvent?.({
        level: 'warn',
        code: 'counting_worker_failed',
        message: `A worker thread could not count a long request (${String(cause)}); it is counted in the main thread.`,
      });
    }
    return this.#finish(countRaw(request, profile), profile);
  }

  #finish(raw: RawRequest, profile: Profile): RequestTokens {
    const { contentClass } = raw;
    const { factor } = profile.ratio;
    const learned = raw.isExact ? undefined : this.#calibration.ratio(profile.model, contentClass);
    const ratio = learned?.ratio ?? 1;
    const system = Math.round((raw.system.text * factor + raw.system.fixed) * ratio);
    const tools = Math.round((raw.tools.text * factor + raw.tools.fixed) * ratio);
    const messages = Math.round((raw.messages.text * factor + raw.messages.fixed) * ratio);
    const tokens = system + tools + messages;
    const rawTokens = Math.round(tokens / ratio);
    const regions = { tokens, system, tools, messages, rawTokens, contentClass };
    if (raw.isExact) return { ...regions, basis: 'exact', errorBand: 0 };
    // What is uncertain about images and tools comes on top of what is uncertain about the text.
    const uncertain = raw.uncertainty / Math.max(1, rawTokens);
    if (learned === undefined) {
      return { ...regions, basis: 'estimated', errorBand: profile.ratio.errorBand + uncertain };
    }
    return { ...regions, basis: 'calibrated', errorBand: learned.errorBand + uncertain };
  }

  #profile(model: string): Profile {
    if (this.#last?.model === model) return this.#last;
    let profile = this.#profiles.get(model);
    if (profile === undefined) {
      profile = createProfile(model, this.#options.families?.(model), (encoding) => this.#textsOf(encoding));
      this.#profiles.set(model, profile);
    }
    this.#last = profile;
    return profile;
  }

  #textsOf(encoding: Encoding): TextCounts {
    let texts = this.#texts.get(encoding);
    if (texts === undefined) {
      texts = new TextCounts(loadEncodingSync(encoding));
      this.#texts.set(encoding, texts);
    }
    return texts;
  }
}

/**
 * Returns a token counter: exact for models whose encoding is published, estimated for others until
 * enough usage was observed, calibrated from then on.
 *
 * @throws StoreError `encoding_unreadable`
 * @example
 * const counter = await createTokenCounter({ families: (model) => registry.find(model) });
 * counter.countText('Hello', 'gpt-4o'); // { tokens: 1, basis: 'exact', errorBand: 0 }
 */
export async function createTokenCounter(options: TokenCounterOptions = {}): Promise<CalibratedTokenCounter> {
  return new Counter(options, await Promise.all((options.preload ?? ['o200k_base']).map(loadEncoding)));
}
