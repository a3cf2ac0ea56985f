import { InputError, type JsonObject, type JsonValue, type ModelInfo } from '../../contract/index.ts';
import { readLiteLlm } from './format-litellm.ts';
import { readModelsDev } from './format-models-dev.ts';
import { readPortkey } from './format-portkey.ts';
import { asObject, entryToModel, type ListEntry, type RejectedEntry } from './list-entry.ts';

/** A public price list that Pare reads. */
export type PriceListFormat = 'models.dev' | 'Portkey' | 'LiteLLM';

/** Options of reading a price list. */
export interface PriceListOptions {
  /** The day the list was read, YYYY-MM-DD; a date that the list itself states comes first. */
  readonly date: string;
  /** The provider of a list that holds one provider's models without naming it (a single Portkey file). */
  readonly provider?: string;
}

/** What a price list says. */
export interface ParsedPriceList {
  readonly format: PriceListFormat;
  /** YYYY-MM-DD. */
  readonly sourceDate: string;
  /** One row a model; `id` is the provider's own name for it, without Pare's prefixes. */
  readonly models: readonly ModelInfo[];
  /** Models whose numbers cannot be right. */
  readonly rejected: readonly RejectedEntry[];
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Returns the models of a public price list, in any of three formats told apart by their content:
 * models.dev (`api.json`), Portkey (its per-provider files, or all under `providers`) and LiteLLM
 * (`model_prices_and_context_window.json`).
 *
 * Prices of 0 are taken as unknown unless the name ends in `:free`. A model with a number that is
 * negative, not finite or not plausible is left out and named in `rejected`.
 *
 * @param list the parsed JSON, or its text
 * @throws InputError `unknown_price_list` for another format, `invalid_price_list` for text that is not
 *   JSON, a wrong date, or a list with more rejected models than usable ones
 */
export function parsePriceList(list: unknown, options: PriceListOptions): ParsedPriceList {
  const root = asObject((typeof list === 'string' ? parseJson(list) : list) as JsonValue);
  const found = root === undefined ? undefined : detect(root, options.provider);
  if (root === undefined || found === undefined) throw unknownList();
  const sourceDate = typeof root.date === 'string' && DATE.test(root.date) ? root.date : options.date;
  if (!DATE.test(sourceDate)) {
    throw new InputError(
      'invalid_price_list',
      `The date of a price list is YYYY-MM-DD, got ${JSON.stringify(options.date)}.`,
    );
  }
  const origin = { source: found.format, sourceDate };
  const models: ModelInfo[] = [];
  const rejected: RejectedEntry[] = [];
  for (const entry of found.entries) {
    const model = entryToModel(entry, origin);
    if (typeof model === 'string') rejected.push({ model: `${entry.provider}/${entry.name}`, reason: model });
    else models.push(model);
  }
  if (models.length <= rejected.length) throw uselessList(found.format, models.length, rejected);
  return { format: found.format, sourceDate, models, rejected };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError('invalid_price_list', `The price list is not JSON: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

interface Detected {
  readonly format: PriceListFormat;
  readonly entries: Iterable<ListEntry>;
}

function detect(root: JsonObject, provider: string | undefined): Detected | undefined {
  const providers = asObject(root.providers) ?? root;
  if (someRow(root, (row) => typeof row.litellm_provider === 'string')) {
    return { format: 'LiteLLM', entries: readLiteLlm(root) };
  }
  if (someRow(root, isPortkeyRow)) {
    if (provider === undefined) {
      throw new InputError(
        'invalid_price_list',
        'This Portkey file holds one provider without naming it; say which provider it is for.',
      );
    }
    return { format: 'Portkey', entries: readPortkey({ [provider]: root }) };
  }
  const nested = Object.values(providers).map(
    (value) => asObject(asObject(value)?.models) ?? asObject(value) ?? {},
  );
  if (nested.some((rows) => someRow(rows, isPortkeyRow))) {
    return { format: 'Portkey', entries: readPortkey(providers) };
  }
  if (
    nested.some((rows) =>
      someRow(rows, (row) => asObject(row.cost) !== undefined && !('pay_as_you_go' in row)),
    )
  ) {
    return { format: 'models.dev', entries: readModelsDev(providers) };
  }
  return undefined;
}

function someRow(rows: JsonObject, test: (row: JsonObject) => boolean): boolean {
  return Object.values(rows).some((value) => {
    const row = asObject(value);
    return row !== undefined && test(row);
  });
}

function isPortkeyRow(row: JsonObject): boolean {
  return asObject(row.pay_as_you_go) !== undefined || asObject(row.pricing_config) !== undefined;
}

function unknownList(): InputError {
  return new InputError(
    'unknown_price_list',
    'The file is no price list that Pare knows. Give models.dev (https://models.dev/api.json), a file of ' +
      "Portkey-AI/models, or LiteLLM's model_prices_and_context_window.json.",
  );
}

function uselessList(
  format: PriceListFormat,
  usable: number,
  rejected: readonly RejectedEntry[],
): InputError {
  const first = rejected[0];
  const example = first === undefined ? '' : ` The first: ${first.model}: ${first.reason}.`;
  return new InputError(
    'invalid_price_list',
    `The ${format} list has ${usable} usable models and ${rejected.length} with impossible numbers; nothing was taken.${example}`,
  );
}
