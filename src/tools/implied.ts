/** A path of at least two parts, or from the root or the home folder. */
const PATH = String.raw`(?:~|\b[A-Z]:)?[\\/][\w.~-]+(?:[\\/][\w.~-]+)*`;
/** What is written: a verb of writing, and the path or the file that follows it in the same line. */
const WRITTEN = new RegExp(
  String.raw`\b(?:sav|writ|wrote|stor|creat|generat|draft|export|put|output|record|document|download)\w*\b[^\n]{0,300}?(${PATH}|\b[\w-]+\.\w{2,5}\b)`,
  'giu',
);
const UNIT = 'day|week|weekend|month|quarter|year';

/** What writing a file of a kind needs; the first that holds. */
const WRITES: readonly (readonly [kind: RegExp, step: string])[] = [
  [/\.docx?$/iu, 'create a word document'],
  [/\.xlsx?$/iu, 'write an excel sheet'],
  [/\.pptx?$/iu, 'create a powerpoint presentation'],
  [/\.(?:png|jpe?g|svg|gif|webp)$/iu, 'save an image to a file'],
  [/./u, 'write a file'],
];

/** What a request needs without saying so, by how it is put: kinds of files, addresses, time, sums, what is new. */
const IMPLIED: readonly { readonly when: RegExp; readonly step: string; readonly isRead?: true }[] = [
  {
    when: /(?:^|\s)(?:~?\/|[A-Z]:\\)(?:[\w.-]+[/\\])*[\w-]+\/?(?=[\s,;?!)]|\.?$|\.\s)/u,
    step: 'list files of a directory',
    isRead: true,
  },
  {
    when: /[\w/\\-]+\.(?:txt|log|md|json|ya?ml|csv|py|js|ts)\b/iu,
    step: 'read the text of a file',
    isRead: true,
  },
  { when: /\.pdf\b/iu, step: 'read a pdf document', isRead: true },
  { when: /\.docx?\b/iu, step: 'get the text of a word document', isRead: true },
  { when: /\.xlsx?\b/iu, step: 'read an excel sheet', isRead: true },
  { when: /\.pptx?\b/iu, step: 'open a powerpoint presentation', isRead: true },
  { when: /https?:\/\//iu, step: 'fetch the content of a web page' },
  {
    when: /\b(?:web ?site|homepage|buy|buying|purchas\w*|shop\w*|best[- ]?sell\w*|for sale|on sale)\b/iu,
    step: 'navigate a browser to a web page',
  },
  {
    when: new RegExp(
      String.raw`\b(?:today|tonight|tomorrow|yesterday|upcoming|right now|near future|(?:next|last|past|coming|previous) (?:\w+ )?(?:${UNIT})s?)\b`,
      'iu',
    ),
    step: 'get the current time and date',
  },
  {
    when: /\b(?:calculat|comput)\w*|\bhow much\b|\d[^.\n]{0,60}\b(?:worth|value|cost|convert\w*)\b|\bpercent\w*|\b(?:sum|total|average|multipl\w*|divid\w*)\b/iu,
    step: 'calculate a mathematical expression',
  },
  { when: /\b(?:news|headlines?|trending|what happened)\b/iu, step: 'get the latest news' },
  {
    when: /\b(?:latest|recent|up[- ]to[- ]date|authoritative|find (?:out|information)|references?|sources?)\b/iu,
    step: 'search the web',
  },
];
const MOST = 5;

/**
 * Steps that a request implies: a path to save to needs a tool that writes files, and is none to read from.
 * At most 5.
 */
export function impliedSteps(text: string): string[] {
  const steps: string[] = [];
  const read = text.replace(WRITTEN, (all: string, path: string) => {
    const step = WRITES.find(([kind]) => kind.test(path.replace(/\.$/u, '')))?.[1];
    if (step !== undefined && !steps.includes(step)) steps.push(step);
    return all.slice(0, all.length - path.length);
  });
  for (const { when, step, isRead } of IMPLIED) {
    if (when.test(isRead === true ? read : text) && !steps.includes(step)) steps.push(step);
  }
  return steps.slice(0, MOST);
}
