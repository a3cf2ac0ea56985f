/** What the page shows. */
export interface PageFacts {
  readonly version: string;
  readonly today: {
    readonly requests: number;
    readonly hits: number;
    readonly hitRate: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly netTokens: number;
    readonly costUsd: number;
    readonly unknownCostRequests: number;
    readonly netCostUsd: number;
  };
  readonly semantic: {
    readonly hits: number;
    readonly would_hits: number;
    readonly live: {
      readonly mode: string;
      readonly checked: number;
      readonly unsure: number;
      readonly false_hit_rate: number | null;
      readonly ci95: readonly [number, number];
      readonly max_false_hit_rate: number;
      readonly breached: boolean;
      readonly proven: boolean;
    } | null;
  };
  readonly degraded: readonly string[];
}

const ENDPOINTS: readonly (readonly [string, string])[] = [
  ['POST /v1/chat/completions', 'OpenAI chat completions'],
  ['POST /v1/responses', 'OpenAI responses'],
  ['POST /v1/messages', 'Anthropic messages'],
  ['any /v1/*', 'passes through untouched'],
  ['GET /api/report', 'report as JSON'],
  ['GET /api/openapi.json', 'description of the API'],
  ['GET /metrics', 'Prometheus metrics'],
  ['GET /healthz, /readyz', 'health'],
];

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .5rem;border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}
td.n{text-align:right;font-variant-numeric:tabular-nums}code{font-family:ui-monospace,monospace}.warn{border-left:4px solid #c60;padding:.5rem 1rem}`;

/** The page at `/`: today's totals and the endpoints, without scripts. */
export function renderPage(facts: PageFacts): string {
  const { today } = facts;
  const rows: readonly (readonly [string, string])[] = [
    ['Requests', count(today.requests)],
    [
      'Answered from the cache',
      `${count(today.hits)} (${(today.hitRate * 100).toFixed(1)}% of those looked up)`,
    ],
    ...semanticRows(facts.semantic),
    ['Input tokens billed', count(today.inputTokens)],
    ['Output tokens billed', count(today.outputTokens)],
    ['Tokens spared, net', count(today.netTokens)],
    [
      'Cost',
      `${money(today.costUsd)}${today.unknownCostRequests > 0 ? `, and ${count(today.unknownCostRequests)} requests of unknown cost` : ''}`,
    ],
    ['Cost spared, net', money(today.netCostUsd)],
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Pare</title><style>${STYLE}</style></head><body>
<h1>Pare</h1><p>Version ${escapeHtml(facts.version)}. Point an OpenAI or Anthropic client at this address and change nothing else.</p>
${facts.degraded.map((line) => `<p class="warn">${escapeHtml(line)}</p>`).join('')}
<h2>Today (UTC)</h2><table><tbody>${rows.map(([name, value]) => `<tr><th scope="row">${name}</th><td class="n">${value}</td></tr>`).join('')}</tbody></table>
<h2>Endpoints</h2><table><tbody>${ENDPOINTS.map(([path, what]) => `<tr><td><code>${path}</code></td><td>${what}</td></tr>`).join('')}</tbody></table>
</body></html>
`;
}

function stateOf({ breached, proven }: { readonly breached: boolean; readonly proven: boolean }): string {
  if (breached) return '; it serves nothing now, since too much was wrong';
  return proven ? '' : '; too few were checked yet to prove that the limit is kept';
}

/** What the semantic cache does, and how often it was wrong by its own checks. */
function semanticRows({ live, hits, would_hits }: PageFacts['semantic']): (readonly [string, string])[] {
  if (live === null) return [];
  const [low, high] = live.ci95;
  const what =
    live.mode === 'on' ? `${count(hits)} answered` : `${count(would_hits)} would have been answered (shadow)`;
  const wrong =
    live.false_hit_rate === null
      ? live.unsure > 0
        ? `none of ${count(live.unsure)} checked could be told right or wrong`
        : 'none checked yet'
      : `${percent(live.false_hit_rate)} of ${count(live.checked - live.unsure)} checked were wrong${live.unsure > 0 ? `, ${count(live.unsure)} could not be told` : ''} (95%: ${percent(low)} to ${percent(high)}; tolerated ${percent(live.max_false_hit_rate)})`;
  return [
    ['By meaning', `${what}${stateOf(live)}`],
    ['Wrong by meaning', wrong],
  ];
}

function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)}%`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function money(value: number): string {
  if (value === 0) return '$0';
  return Math.abs(value) >= 0.01 ? `$${value.toFixed(2)}` : `$${value.toPrecision(2)}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
