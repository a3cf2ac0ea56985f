/** What the process is started with. */
export interface OnnxSettings {
  readonly packageName: string;
  readonly model: string;
  readonly dtype: string;
  readonly pooling: 'mean' | 'cls';
  readonly isLocalOnly: boolean;
  /** Threads that one run of the model may use. */
  readonly threads: number;
}

/** Texts for one run of the model; the next is sent when this one is answered. */
export interface OnnxTask {
  readonly texts: readonly string[];
}

/** Vectors end to end, or what went wrong. */
export type OnnxReply =
  | { readonly data: Float32Array<ArrayBuffer>; readonly dimensions: number }
  | { readonly isMissing: boolean; readonly message: string };
