import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ROOT } from '../harness.ts';

/** What is searched beside the index: vectors of length 1 as bytes, the largest number of 127 standing for 1. */
export interface Peer {
  add(id: number, vector: Float32Array): void;
  /** Ids of the nearest, nearest first. */
  nearest(vector: Float32Array, limit: number): readonly number[];
}

function bytesOf(vector: Float32Array): Int8Array {
  return Int8Array.from(vector, (value) => Math.round(value * 127));
}

/** A loop in JavaScript over one array of bytes. */
export function plainScan(capacity: number, dimensions: number): Peer {
  const bytes = new Int8Array(capacity * dimensions);
  const ids: number[] = [];
  return {
    add(id, vector) {
      bytes.set(bytesOf(vector), ids.length * dimensions);
      ids.push(id);
    },
    nearest(vector, limit) {
      const asked = bytesOf(vector);
      let best: [similarity: number, id: number][] = [];
      for (let row = 0, at = 0; row < ids.length; row++) {
        let sum = 0;
        for (let i = 0; i < dimensions; i++) sum += (asked[i] as number) * (bytes[at++] as number);
        if (best.length === limit && sum <= (best.at(-1)?.[0] ?? 0)) continue;
        best.push([sum, ids[row] as number]);
        best = best.sort((a, b) => b[0] - a[0]).slice(0, limit);
      }
      return best.map(([, id]) => id);
    },
  };
}

/** sqlite-vec in memory, which is installed on the first run; undefined where it cannot be. */
export function sqliteVec(dimensions: number): Peer | undefined {
  const folder = join(ROOT, 'bench', 'peers');
  try {
    if (!existsSync(join(folder, 'node_modules/sqlite-vec'))) {
      execFileSync('npm', ['install', '--loglevel=error', '--no-package-lock'], {
        cwd: folder,
        stdio: ['ignore', 2, 2],
      });
    }
    const { load } = createRequire(join(folder, 'package.json'))('sqlite-vec') as {
      load: (db: DatabaseSync) => void;
    };
    const db = new DatabaseSync(':memory:', { allowExtension: true });
    load(db);
    db.exec(`CREATE VIRTUAL TABLE v USING vec0(embedding int8[${dimensions}] distance_metric=cosine)`);
    db.exec('BEGIN');
    const insert = db.prepare('INSERT INTO v (rowid, embedding) VALUES (?, vec_int8(?))');
    const find = db.prepare(
      'SELECT rowid FROM v WHERE embedding MATCH vec_int8(?) AND k = ? ORDER BY distance',
    );
    return {
      add: (id, vector) => void insert.run(BigInt(id), bytesOf(vector)),
      nearest: (vector, limit) => find.all(bytesOf(vector), limit).map((row) => Number(row['rowid'])),
    };
  } catch (error) {
    console.error(`sqlite-vec is not compared: ${String(error)}`);
    return undefined;
  }
}
