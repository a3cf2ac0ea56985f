import { closeSync, fstatSync, openSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, type StateStore } from '../../contract/index.ts';
import { makeFolder } from '../../support/index.ts';
import { identify, type LogIdentity } from '../scan/log-source.ts';
import { readFully } from '../scan/temp-file.ts';
import { COPY_SUFFIX, CopyDraft, DRAFT_PREFIX } from './copy-draft.ts';
import { fromDocument, type ReferenceEntry, toDocument } from './entry.ts';
import { openEntry, type ReferredLog } from './open-entry.ts';
import { parseReference, referenceId, referenceText } from './reference.ts';

const COLLECTION = 'log-references';
const MOST_ENTRIES = 1000;
const MOST_COPY_BYTES = 1024 ** 3;
/** A copy that nobody has completed or entered for so long never will be. */
const STALE_MS = 3_600_000;

/** Options of `createReferences`. */
export interface ReferenceOptions {
  readonly state: StateStore;
  /** Where copies are kept; made when the first one is. */
  readonly folder: string;
  /** @default Date.now */
  readonly now?: () => number;
  /** Logs that are remembered; the oldest are forgotten. @default 1000 */
  readonly mostEntries?: number;
  /** Bytes of all copies, packed. @default 1 GiB */
  readonly mostCopyBytes?: number;
}

/** Remembers logs, so that a reference leads back to them. */
export interface References {
  /** Remembers a file where it lies and returns its reference; `previous` goes on to stand for a file that has only grown. */
  keepFile(path: string, previous?: string): Promise<string>;
  /** Begins a copy of a log that is no file; complete it with `keepCopy`, or `discard` it. */
  beginCopy(): CopyDraft;
  /** Completes a copy; returns its reference, or `undefined` when it is too large to keep. */
  keepCopy(draft: CopyDraft): Promise<string | undefined>;
  /** @throws InputError `invalid_reference`, `unknown_reference`; StoreError `reference_changed` */
  open(reference: string, signal?: AbortSignal): Promise<ReferredLog>;
}

/** Returns references whose entries are in the state store. */
export function createReferences(options: ReferenceOptions): References {
  return new StoredReferences(options);
}

class StoredReferences implements References {
  readonly #state: StateStore;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #mostEntries: number;
  readonly #mostCopyBytes: number;

  constructor(options: ReferenceOptions) {
    this.#state = options.state;
    this.#folder = options.folder;
    this.#now = options.now ?? Date.now;
    this.#mostEntries = options.mostEntries ?? MOST_ENTRIES;
    this.#mostCopyBytes = options.mostCopyBytes ?? MOST_COPY_BYTES;
  }

  async keepFile(path: string, previous?: string): Promise<string> {
    const full = realpathSync(path);
    const identity = identityOf(full);
    const { size, mtimeMs, headSha256, tailSha256 } = identity;
    const id =
      (previous === undefined ? undefined : await this.#grown(previous, full)) ??
      referenceId([full, size, mtimeMs, headSha256, tailSha256]);
    await this.#put(id, { kind: 'file', path: full, identity, keptAt: this.#now() });
    return referenceText(id);
  }

  beginCopy(): CopyDraft {
    makeFolder(this.#folder, 0o700);
    return new CopyDraft(this.#folder);
  }

  async keepCopy(draft: CopyDraft): Promise<string | undefined> {
    const { id, file, packedBytes } = await draft.finish();
    if (packedBytes > this.#mostCopyBytes) {
      rmSync(join(this.#folder, file), { force: true });
      return undefined;
    }
    await this.#put(id, { kind: 'copy', file, packedBytes, keptAt: this.#now() });
    return referenceText(id);
  }

  async open(reference: string, signal?: AbortSignal): Promise<ReferredLog> {
    const { id } = parseReference(reference);
    const entry = fromDocument(await this.#state.get(COLLECTION, id));
    if (entry === undefined) {
      throw new InputError(
        'unknown_reference',
        `There is no ${referenceText(id)} in this data folder. The last ${this.#mostEntries} condensed logs are remembered; ` +
          'a reference of another machine or user is found only with its --data-dir.',
      );
    }
    const from = { reference: referenceText(id), folder: this.#folder };
    return openEntry(entry, signal === undefined ? from : { ...from, signal });
  }

  /** The id of a reference to this file as it was, when all that was is still there. */
  async #grown(reference: string, path: string): Promise<string | undefined> {
    const { id } = parseReference(reference);
    const entry = fromDocument(await this.#state.get(COLLECTION, id));
    if (entry?.kind !== 'file' || entry.path !== path) return undefined;
    const now = identityOf(path, entry.identity.size);
    const isBegun = now.headSha256 === entry.identity.headSha256;
    return isBegun && now.tailSha256 === entry.identity.tailSha256 && now.ino === entry.identity.ino
      ? id
      : undefined;
  }

  async #put(id: string, entry: ReferenceEntry): Promise<void> {
    await this.#state.put(COLLECTION, id, toDocument(entry));
    await this.#forget();
  }

  /** Forgets the oldest entries beyond the bounds, and removes copies that no entry leads to. */
  async #forget(): Promise<void> {
    const entries = (await this.#state.list(COLLECTION))
      .map(({ id, value }) => ({ id, entry: fromDocument(value) }))
      .toSorted((a, b) => (b.entry?.keptAt ?? 0) - (a.entry?.keptAt ?? 0));
    const files = new Set<string>();
    let copyBytes = 0;
    for (const [at, { id, entry }] of entries.entries()) {
      if (entry?.kind === 'copy') copyBytes += entry.packedBytes;
      if (entry === undefined || at >= this.#mostEntries || copyBytes > this.#mostCopyBytes) {
        await this.#state.delete(COLLECTION, id);
        if (entry?.kind === 'copy') {
          copyBytes -= entry.packedBytes;
          rmSync(join(this.#folder, entry.file), { force: true });
        }
      } else if (entry.kind === 'copy') files.add(entry.file);
    }
    this.#removeStale(files);
  }

  #removeStale(used: ReadonlySet<string>): void {
    const found = statSync(this.#folder, { throwIfNoEntry: false });
    if (found === undefined) return;
    for (const name of readdirSync(this.#folder)) {
      if (used.has(name)) continue;
      if (!name.startsWith(DRAFT_PREFIX) && !name.endsWith(COPY_SUFFIX)) continue;
      const path = join(this.#folder, name);
      const age = this.#now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? this.#now());
      if (age > STALE_MS) rmSync(path, { force: true });
    }
  }
}

function identityOf(path: string, size?: number): LogIdentity {
  const fd = openSync(path, 'r');
  try {
    const stats = fstatSync(fd);
    return identify((offset, buffer) => readFully(fd, offset, buffer), {
      size: Math.min(size ?? stats.size, stats.size),
      mtimeMs: stats.mtimeMs,
      ino: stats.ino,
    });
  } finally {
    closeSync(fd);
  }
}
