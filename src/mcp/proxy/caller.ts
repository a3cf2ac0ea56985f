import { AbortedError, type JsonObject, type JsonValue } from '../../contract/index.ts';
import { isObject } from './definition.ts';
import { describe, ProxyError, RemoteError, remoteCode } from './errors.ts';
import type { Sdk } from './sdk.ts';

/** One call of a tool. */
export interface ToolCall {
  /** As the server calls it. */
  readonly tool: string;
  readonly arguments: JsonObject | undefined;
  /** Without a progress token, which is each connection's own. */
  readonly meta: JsonObject | undefined;
  readonly signal: AbortSignal;
  /** Hears of progress; absent when the client wants none. */
  readonly onProgress?: (progress: JsonObject) => void;
}

type Client = InstanceType<Sdk['Client']>;

/** How calls reach a server. */
export interface CallerOptions {
  readonly sdk: Sdk;
  /** Not connected yet. */
  readonly client: Client;
  readonly transport: Parameters<Client['connect']>[0];
  /** Of the server, for messages. */
  readonly name: string;
  /** Takes the secrets of the server's entry out of a text. */
  readonly withoutSecrets: (text: string) => string;
  readonly callTimeoutMs: number;
  readonly isLost: () => boolean;
}

/** No call may be kept alive longer by telling of progress. */
const MOST_CALL_MS = 3_600_000;
/** The longest timer there is: deadlines are kept here, not by the SDK. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * Calls tools of one server. Progress is read as it arrives: the SDK hands it on a moment later, and forgets it when
 * the answer came in the same piece.
 */
export class Caller {
  readonly #options: CallerOptions;
  readonly #progress = new Map<number, (progress: JsonObject) => void>();
  #token = 0;

  constructor(options: CallerOptions) {
    this.#options = options;
    const { client, transport, sdk } = options;
    transport.onmessage = (message) => this.#hear(message as unknown as JsonObject);
    client.setNotificationHandler(sdk.ProgressNotificationSchema, () => {});
  }

  /** The server's result as it came. @throws RemoteError, ProxyError, AbortedError */
  async call(call: ToolCall): Promise<JsonObject> {
    const { client, sdk, callTimeoutMs } = this.#options;
    const late = new AbortController();
    const giveUp = (): void => late.abort('it took too long');
    const latest = Date.now() + Math.max(MOST_CALL_MS, callTimeoutMs);
    let timer = setTimeout(giveUp, callTimeoutMs);
    const token = this.#token++;
    // Asked for even where the client wants none: it keeps the call from timing out.
    this.#progress.set(token, (progress) => {
      call.onProgress?.(progress);
      clearTimeout(timer);
      timer = setTimeout(giveUp, Math.max(0, Math.min(callTimeoutMs, latest - Date.now())));
    });
    try {
      const { tool: name, arguments: args } = call;
      const params = {
        name,
        ...(args === undefined ? {} : { arguments: args }),
        _meta: { ...call.meta, progressToken: token },
      };
      return (await client.request({ method: 'tools/call', params }, sdk.ResultSchema, {
        signal: AbortSignal.any([call.signal, late.signal]),
        timeout: NEVER_MS,
      })) as unknown as JsonObject;
    } catch (error) {
      throw this.#explain(error, call, late.signal.aborted);
    } finally {
      clearTimeout(timer);
      this.#progress.delete(token);
    }
  }

  #hear({ method, params }: JsonObject): void {
    if (method !== 'notifications/progress' || !isObject(params)) return;
    const { progressToken, ...progress } = params;
    this.#progress.get(Number(progressToken))?.(progress);
  }

  #explain(error: unknown, call: ToolCall, isLate: boolean): Error {
    const { name, callTimeoutMs, isLost, withoutSecrets } = this.#options;
    if (call.signal.aborted) return new AbortedError(undefined, { cause: error });
    if (isLate) {
      return new ProxyError(
        'backend_timeout',
        `The server "${name}" did not answer ${call.tool} within ${callTimeoutMs / 1000} s; the call was cancelled.`,
        { cause: error },
      );
    }
    if (isLost()) {
      return new ProxyError(
        'backend_lost',
        `The server "${name}" ended while ${call.tool} ran; whether it had an effect is not known. The next call starts it again.`,
        { cause: error },
      );
    }
    const code = remoteCode(error);
    if (code !== undefined) {
      const { message, data } = error as { message: string; data?: JsonValue };
      return new RemoteError(code, message.replace(`MCP error ${code}: `, ''), data);
    }
    return new ProxyError(
      'backend_failed',
      `The server "${name}" failed at ${call.tool}: ${describe(error, withoutSecrets)}.`,
      {
        cause: error,
        details: { wasRefused: wasRefused(error) },
      },
    );
  }
}

/** True where the server cannot have seen the call: its session is gone, or nobody listens. */
function wasRefused(error: unknown): boolean {
  const { code, cause } = Object(error) as { code?: unknown; cause?: { code?: unknown } };
  return code === 404 || cause?.code === 'ECONNREFUSED';
}
