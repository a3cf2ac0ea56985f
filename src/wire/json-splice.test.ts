import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editAt, type JsonEdit, sliceJson, spliceJson } from './json-splice.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(data);

function splice(json: string, make: (root: JsonEdit) => void): string {
  const root: JsonEdit = {};
  make(root);
  return text(spliceJson(bytes(json), root));
}

describe('spliceJson', () => {
  const odd = '\n{ "é\\u0041" : [ 1.0 , "\\"]}" ,\t{"x":-0e1} ] ,"b":{ } , "b" : true }  ';

  it('keeps every byte that no edit names (INV-P1)', () => {
    expect(splice(odd, () => {})).toBe(odd);
    expect(splice(odd, (root) => editAt(root, ['éA', 2, 'x']))).toBe(odd);
    expect(splice(odd, (root) => (editAt(root, ['éA', 2, 'x']).replacement = '5'))).toBe(
      odd.replace('-0e1', '5'),
    );
  });

  it('edits the last of members with the same key and removes all of them', () => {
    expect(splice(odd, (root) => (editAt(root, ['b']).replacement = '9'))).toBe(odd.replace('true', '9'));
    expect(splice(odd, (root) => (root.children = new Map([['b', null]])))).toBe(
      '\n{ "é\\u0041" : [ 1.0 , "\\"]}" ,\t{"x":-0e1} ] }  ',
    );
  });

  it('removes, inserts and adds at every place', () => {
    const array = '[ 1 ,  2,3 ]';
    const items = (list: JsonEdit['items']) => splice(array, (root) => Object.assign(root, { items: list }));
    expect(items([1, 2])).toBe('[ 2,3 ]');
    expect(items([0, 2])).toBe('[ 1,3 ]');
    expect(items([0, 1])).toBe('[ 1 ,  2 ]');
    expect(items([])).toBe('[  ]');
    expect(items([{ json: '0' }, 0, 1, { json: '9' }, 2])).toBe('[ 0 ,  1 ,  2 ,  9,3 ]');
    expect(items([2, 0, 1])).toBe('[ 3 ,  1 ,  2 ]');
    expect(splice('[]', (root) => Object.assign(root, { items: [{ json: '1' }, { json: '2' }] }))).toBe(
      '[1,2]',
    );
    expect(splice('{}', (root) => (root.additions = [['a', '1']]))).toBe('{"a":1}');
    expect(splice('{"a":1}', (root) => (root.children = new Map([['a', null]])))).toBe('{}');
    expect(splice('{"a":"t"}', (root) => (editAt(root, ['a']).wrapper = ['[', ']']))).toBe('{"a":["t"]}');
  });

  it('keeps a byte order mark', () => {
    expect(splice('\uFEFF{"a":1}', (root) => (editAt(root, ['a']).replacement = '2'))).toBe('\uFEFF{"a":2}');
  });

  it('agrees with the same edit of the parsed value, for any JSON and blanks', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom(undefined, ' ', '\t'),
        fc.nat(),
        (value, indent, pick) => {
          const wrapped = { list: [value, 'mid', value], 'k"ey': value };
          const json = JSON.stringify(wrapped, null, indent);
          const place = pick % 3;
          const result = splice(json, (root) => {
            editAt(root, ['list', place]).replacement = '"new"';
            root.children?.set('k"ey', null);
          });
          const expected = wrapped.list.map((item, i) => (i === place ? 'new' : item));
          expect(JSON.parse(result)).toEqual(JSON.parse(JSON.stringify({ list: expected })));
        },
      ),
    );
  }, 60_000);
});

describe('sliceJson', () => {
  it('returns the bytes of a value as written, the last of equal keys', () => {
    const json = bytes('{"a":[{"n": 12345678901234567890}],"a":[ {"n": 1.0 } ]}');
    expect(text(sliceJson(json, ['a', 0, 'n']) as Uint8Array)).toBe('1.0');
    expect(sliceJson(json, ['a', 1])).toBeUndefined();
  });
});
