import { TextDecoder } from 'node:util';
import { logIsBinary } from './errors.ts';
import { identify, type LogSource, MemorySource, type SourceFacts, SpooledSource } from './log-source.ts';
import { TempFile } from './temp-file.ts';
import { type Form, formOf, HEAD_BYTES, MARK_BYTES, whyBinary } from './text-check.ts';

/** Text up to this size stays in memory. */
export const SPOOL_MEMORY_BYTES = 8 * 1024 * 1024;

/** Takes in text from a stream: in memory while it is small, then in a temporary file. UTF-16 becomes UTF-8. */
export class Spool {
  readonly #name: string;
  readonly #memoryBytes: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #file: TempFile | undefined;
  #decoder: TextDecoder | undefined;
  /** First bytes, until there are enough of them to tell the form. */
  #mark: Uint8Array | undefined = new Uint8Array(0);
  #isChecked = false;

  /** @param name of the log, for errors */
  constructor(name: string, memoryBytes: number = SPOOL_MEMORY_BYTES) {
    this.#name = name;
    this.#memoryBytes = memoryBytes;
  }

  /** @throws InputError `log_is_binary`; StoreError `log_spool_failed` */
  write(chunk: Uint8Array): void {
    if (this.#mark === undefined) return this.#decode(chunk);
    const head = Buffer.concat([this.#mark, chunk]);
    this.#mark = head;
    if (head.length >= MARK_BYTES) this.#begin();
  }

  /** The text as a source. @throws InputError `log_is_binary`; StoreError `log_spool_failed` */
  finish(facts: Omit<SourceFacts, 'identity'> & { readonly identity?: SourceFacts['identity'] }): LogSource {
    this.#begin();
    const rest = this.#decoder?.decode();
    if (rest !== undefined && rest !== '') this.#keep(Buffer.from(rest));
    this.#check();
    const file = this.#file;
    const text = file === undefined ? Buffer.concat(this.#chunks) : undefined;
    this.#chunks = [];
    const read = (offset: number, buffer: Uint8Array): number => {
      if (file !== undefined) return file.read(offset, buffer);
      return text?.copy(buffer, 0, offset) ?? 0;
    };
    const known = {
      ...facts,
      identity: facts.identity ?? identify(read, { size: this.#bytes, mtimeMs: null, ino: null }),
    };
    return file === undefined
      ? new MemorySource(text ?? new Uint8Array(0), known)
      : new SpooledSource(file, known);
  }

  /** Removes what was taken in, after an error. */
  discard(): void {
    this.#file?.close();
    this.#chunks = [];
  }

  #begin(): void {
    const head = this.#mark;
    if (head === undefined) return;
    this.#mark = undefined;
    const form: Form = formOf(head);
    if (form === 'utf-16le' || form === 'utf-16be') this.#decoder = new TextDecoder(form);
    this.#decode(form === 'utf8-bom' ? head.subarray(3) : head);
  }

  #decode(chunk: Uint8Array): void {
    this.#keep(
      this.#decoder === undefined ? chunk : Buffer.from(this.#decoder.decode(chunk, { stream: true })),
    );
  }

  #keep(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#bytes += chunk.length;
    if (this.#file !== undefined) {
      this.#file.append(chunk);
      return;
    }
    this.#chunks.push(chunk);
    if (this.#bytes >= HEAD_BYTES) this.#check();
    if (this.#bytes <= this.#memoryBytes) return;
    this.#file = new TempFile();
    for (const held of this.#chunks) this.#file.append(held);
    this.#chunks = [];
  }

  #check(): void {
    if (this.#isChecked || this.#file !== undefined) return;
    this.#isChecked = true;
    const why = whyBinary(Buffer.concat(this.#chunks).subarray(0, HEAD_BYTES));
    if (why !== undefined) throw logIsBinary(this.#name, why);
  }
}
