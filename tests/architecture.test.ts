import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Folders whose code may name a vendor, each with its reason. */
const VENDOR_FOLDERS: Readonly<Record<string, string>> = {
  wire: 'knows the formats, which are named after their APIs',
  tokens: 'knows models, encodings and prices',
  contract: 'names the wire formats',
  optimizer: 'configures one upstream per provider',
  gateway: 'has the routes and headers of the wires',
  cli: 'has the flags and files of the providers',
  testing: 'simulates the providers',
};

/** Single uses elsewhere, each with its reason. */
const VENDOR_FILES: Readonly<Record<string, string>> = {
  'cache/by-hand.ts': 'takes the most common wire where a caller names none',
  'cache/exact-cache.ts': 'takes the most common wire where a caller names none',
  'stores/sqlite/ledger-columns.ts': 'keeps wire formats as numbers, and so lists them',
};

const ENVIRONMENT_FOLDERS = ['optimizer', 'cli'];

interface Source {
  readonly path: string;
  readonly folder: string;
  /** The code without its comments. */
  readonly code: string;
}

function readSources(): Source[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => {
      const file = ts.createSourceFile(path, readFileSync(join(SRC, path), 'utf8'), ts.ScriptTarget.Latest);
      return { path, folder: path.split('/')[0] ?? '', code: codeOf(file) };
    });
}

/** The text of every token, so that comments are gone and strings are not. */
function codeOf(file: ts.SourceFile): string {
  const tokens: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length === 0) tokens.push(node.getText(file));
    else for (const child of children) visit(child);
  };
  visit(file);
  return tokens.join(' ');
}

const sources = readSources();

describe('architecture', () => {
  it('names vendors only where their formats, models or addresses are at home', () => {
    const strangers = sources
      .filter(
        ({ folder, path }) => folder.endsWith('.ts') || !(folder in VENDOR_FOLDERS || path in VENDOR_FILES),
      )
      .filter(({ code }) => /openai|anthropic/i.test(code))
      .map(({ path }) => path);
    expect(strangers).toEqual([]);
  });

  it('keeps no exception that is not needed', () => {
    const used = sources.filter(({ code }) => /openai|anthropic/i.test(code));
    for (const folder of Object.keys(VENDOR_FOLDERS)) {
      expect(used.some((source) => source.folder === folder)).toBe(true);
    }
    for (const path of Object.keys(VENDOR_FILES)) {
      expect(used.some((source) => source.path === path)).toBe(true);
    }
  });

  it('reads the environment only in the composition root and the command line', () => {
    const readers = sources.filter(({ code }) => /process\s*\.\s*env\b/.test(code));
    expect(readers.length).toBeGreaterThan(0);
    expect(
      readers.filter(({ folder }) => !ENVIRONMENT_FOLDERS.includes(folder)).map(({ path }) => path),
    ).toEqual([]);
  });

  it('starts nothing at import: no module below the faces has a call as a statement of its own', () => {
    const FACES = new Set(['cli', 'testing']);
    const starters = sources
      .filter(({ folder, path }) => !FACES.has(folder) && !/-worker\.ts$|-thread\.ts$/.test(path))
      .filter(({ path }) => {
        const file = ts.createSourceFile(path, readFileSync(join(SRC, path), 'utf8'), ts.ScriptTarget.Latest);
        return file.statements.some(
          (statement) => ts.isExpressionStatement(statement) && !ts.isStringLiteral(statement.expression),
        );
      });
    expect(starters.map(({ path }) => path)).toEqual([]);
  });

  it('has no default exports and no enums', () => {
    expect(
      sources
        .filter(({ code }) => /\bexport default\b|(^|[;}] )(export )?(const )?enum \w/.test(code))
        .map(({ path }) => path),
    ).toEqual([]);
  });
});
