import type { JsonObject, JsonValue } from '../../contract/index.ts';
import type { LogIdentity } from '../scan/index.ts';

/** A log that stays where it is. */
export interface FileEntry {
  readonly kind: 'file';
  readonly path: string;
  readonly identity: LogIdentity;
  readonly keptAt: number;
}

/** A log of which a packed copy is kept. */
export interface CopyEntry {
  readonly kind: 'copy';
  /** Name of the copy in its folder. */
  readonly file: string;
  readonly packedBytes: number;
  readonly keptAt: number;
}

/** What is known of a reference. */
export type ReferenceEntry = FileEntry | CopyEntry;

/** The entry as it is stored. */
export function toDocument(entry: ReferenceEntry): JsonObject {
  if (entry.kind === 'copy') {
    return { kind: 'copy', file: entry.file, packed_bytes: entry.packedBytes, kept_at: entry.keptAt };
  }
  const { path, identity, keptAt } = entry;
  return {
    kind: 'file',
    path,
    size: identity.size,
    mtime_ms: identity.mtimeMs,
    ino: identity.ino,
    head_sha256: identity.headSha256,
    tail_sha256: identity.tailSha256,
    kept_at: keptAt,
  };
}

/** The entry that was stored; `undefined` for what is none (a later Pare's, or damaged). */
export function fromDocument(value: JsonValue | undefined): ReferenceEntry | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const document = value as JsonObject;
  const keptAt = numberOf(document['kept_at']);
  const packedBytes = numberOf(document['packed_bytes']);
  const size = numberOf(document['size']);
  const { kind, file, path, head_sha256: headSha256, tail_sha256: tailSha256 } = document;
  if (keptAt === null) return undefined;
  if (kind === 'copy' && typeof file === 'string' && packedBytes !== null) {
    return { kind, file, packedBytes, keptAt };
  }
  if (
    kind === 'file' &&
    typeof path === 'string' &&
    typeof headSha256 === 'string' &&
    typeof tailSha256 === 'string' &&
    size !== null
  ) {
    const mtimeMs = numberOf(document['mtime_ms']);
    const identity = { size, mtimeMs, ino: numberOf(document['ino']), headSha256, tailSha256 };
    return { kind, path, identity, keptAt };
  }
  return undefined;
}

function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
