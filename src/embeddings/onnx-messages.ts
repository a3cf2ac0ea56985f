/** What the thread is started with. */
export interface OnnxSettings {
  readonly packageName: string;
  readonly model: string;
  readonly dtype: string;
  readonly pooling: 'mean' | 'cls';
  readonly isLocalOnly: boolean;
}

/** Texts for one run of the model. */
export interface OnnxTask {
  readonly id: number;
  readonly texts: readonly string[];
}

/** Vectors end to end, or what went wrong. */
export type OnnxReply =
  | { readonly id: number; readonly data: Float32Array<ArrayBuffer>; readonly dimensions: number }
  | { readonly id: number; readonly isMissing: boolean; readonly message: string };
