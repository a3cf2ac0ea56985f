// The process of the ONNX embedder: loads the optional package and the model with the first texts.
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { OnnxReply, OnnxSettings, OnnxTask } from './onnx-messages.ts';

/** The parts of `@huggingface/transformers` that are used; it has no types here, being optional. */
interface Package {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  pipeline(
    task: 'feature-extraction',
    model: string,
    options: { dtype: string; session_options: object },
  ): Promise<
    (
      texts: readonly string[],
      options: { pooling: string; normalize: boolean },
    ) => Promise<{ readonly data: ArrayLike<number>; readonly dims: readonly number[] }>
  >;
}

type Extractor = Awaited<ReturnType<Package['pipeline']>>;

const settings = JSON.parse(process.argv[2] ?? '') as OnnxSettings;

async function load(): Promise<Extractor> {
  const loaded = (await import(settings.packageName)) as Package;
  const { env } = loaded;
  const isFolder = existsSync(settings.model);
  if (isFolder) env.localModelPath = dirname(resolve(settings.model));
  if (isFolder || settings.isLocalOnly) env.allowRemoteModels = false;
  const model = isFolder ? basename(resolve(settings.model)) : settings.model;
  return loaded.pipeline('feature-extraction', model, {
    dtype: settings.dtype,
    session_options: {
      intraOpNumThreads: settings.threads,
      interOpNumThreads: 1,
      // Threads that spin while they wait for each other take the processor from whoever else needs it.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    },
  });
}

async function answer(loading: Promise<Extractor>, { texts }: OnnxTask): Promise<OnnxReply> {
  try {
    const extract = await loading;
    const { data, dims } = await extract(texts, { pooling: settings.pooling, normalize: true });
    return { data: Float32Array.from(data), dimensions: dims.at(-1) ?? 0 };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    return {
      // The message names the package when that is what is missing, and another one when it is broken.
      isMissing: code === 'ERR_MODULE_NOT_FOUND' && String(message).includes(settings.packageName),
      message: String(message ?? error),
    };
  }
}

function serve(): void {
  let loading: Promise<Extractor> | undefined;
  process.on('message', (task: OnnxTask) => {
    loading ??= load();
    const ready = loading;
    // A failed load is tried again with the next texts: the user may have mended it.
    ready.catch(() => {
      if (loading === ready) loading = undefined;
    });
    // That nobody is there to hear an answer is what `disconnect` tells.
    void answer(ready, task).then((reply) => process.send?.(reply, () => undefined));
  });
  // A key pressed in a terminal goes to all processes there; when this one ends, the one that started it decides.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}

serve();
