import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../src/contract/index.ts';

/** Tools by the set they come from. */
export function compactSets(
  data: string,
): Readonly<Record<'suna' | 'livemcp' | 'bfcl' | 'tau', readonly JsonValue[]>> {
  const read = (...path: readonly string[]): string => readFileSync(join(data, ...path), 'utf8');
  const rows = (...path: readonly string[]): JsonObject[] =>
    read(...path)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JsonObject);
  const functions = rows('bfcl', 'live_multiple.jsonl').flatMap(
    (row) => row['function'] as readonly JsonValue[],
  );
  return {
    suna: JSON.parse(read('agent_prompts', 'suna_2025-09-17.tools.json')) as JsonValue[],
    livemcp: rows('livemcp', 'tools.jsonl').map(({ name, description, inputSchema }) => ({
      name,
      description: description ?? '',
      inputSchema,
    })),
    // The same function stands in many rows.
    bfcl: [...new Map(functions.map((tool) => [JSON.stringify(tool), tool])).values()],
    tau: JSON.parse(read('tau_bench', 'tools.json')) as JsonValue[],
  };
}

/** What people ask an agent that browses, writes, codes and keeps tasks; written for this bench. */
export const REQUESTS: readonly string[] = [
  'Find the latest news about electric cars and write a short report with sources',
  'Build a landing page for my bakery and put it online',
  'Make a pitch deck with ten slides about our third quarter',
  'Set up an agent that reviews my mail every morning at nine',
  'Read the attached spreadsheet and tell me which region sold most',
  'Log in to the shop and download all invoices of March',
  'Rename the function parse_date in src/app.py and run the tests',
  'What does this screenshot show?',
  'Remember that I prefer short answers and metric units',
  'Compare the prices of three hosting providers and put them in a table',
  'Draft a contract as a document and export it as a PDF',
  'Which tasks are still open, and what comes next?',
  'Generate an image of a lighthouse at night for the cover',
  'Look up the profile of our new customer on LinkedIn',
  'Start the web server on port 8080 and give me a link to it',
  'Delete the old workflow and create one that posts to Slack',
];
