import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Longest wait for another connection that replaces the file; it renames three files and makes one. */
const WAIT_MS = 5000;

/**
 * Keeps the connections of all threads and processes from opening a database while one of them
 * replaces its files: a file and its write-ahead log cannot be renamed in one step, and what was opened
 * in between would lose its log.
 *
 * It is SQLite's own lock on `<path>.replacing`, so it ends with its process. That file, empty, appears
 * with the first replacement and stays; without it nobody waits.
 */
export class ReplacementLock {
  readonly #path: string;
  #isHeld = false;

  constructor(path: string) {
    this.#path = `${path}.replacing`;
  }

  /** Runs what replaces the files. Waits for others. @throws what SQLite throws when they take too long */
  replace<T>(operation: () => T): T {
    if (this.#isHeld) return operation();
    const db = new DatabaseSync(this.#path, { timeout: WAIT_MS });
    try {
      db.exec('BEGIN EXCLUSIVE');
      this.#isHeld = true;
      return operation();
    } finally {
      this.#isHeld = false;
      db.close();
    }
  }

  /** Runs what opens the files, after a replacement under way. */
  open<T>(operation: () => T): T {
    return existsSync(this.#path) ? this.replace(operation) : operation();
  }
}
