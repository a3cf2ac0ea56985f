/** What a request needs without saying so, by how it is put: kinds of files, addresses, what is new. */
const IMPLIED: readonly { readonly when: RegExp; readonly step: string }[] = [
  {
    when: /\b(?:sav|writ|stor|creat|generat|draft|export|organi[sz]|put|output|record|document|download)\w*\b[\s\S]*(?:\/|~\/|[A-Z]:\\)[\w.~-]+[\w./\\~-]*/iu,
    step: 'write a file',
  },
  {
    when: /(?:^|\s)(?:~?\/|[A-Z]:\\)[\w.-]+(?:[/\\][\w.-]+)+\/?(?:\s|[,;?!]|$)(?![\s\S]*\.\w{2,5}\b)/u,
    step: 'list files of a directory',
  },
  { when: /[\w/\\-]+\.(?:txt|log|md|json|ya?ml|csv|py|js|ts)\b/iu, step: 'read the text of a file' },
  { when: /\.pdf\b/iu, step: 'read a pdf document' },
  { when: /\.docx?\b/iu, step: 'get the text of a word document' },
  { when: /\.xlsx?\b/iu, step: 'read an excel sheet' },
  { when: /\.pptx?\b/iu, step: 'open a powerpoint presentation' },
  { when: /https?:\/\//iu, step: 'fetch the content of a web page' },
  {
    when: /\b(?:web ?site|homepage|online shop)\b/iu,
    step: 'navigate a browser to a web page',
  },
  {
    when: /\b(?:today|tomorrow|tonight|yesterday|next (?:week|month)|upcoming|right now)\b/iu,
    step: 'get the current time and date',
  },
  { when: /\b(?:news|headlines?|trending|what happened)\b/iu, step: 'get the latest news' },
  {
    when: /\b(?:latest|recent|up[- ]to[- ]date|authoritative|find (?:out|information)|references?|sources?)\b/iu,
    step: 'search the web',
  },
];
const MOST = 4;

/** Steps that a request implies: a path to save to needs a tool that writes files. At most 4. */
export function impliedSteps(text: string): string[] {
  return IMPLIED.filter(({ when }) => when.test(text))
    .slice(0, MOST)
    .map(({ step }) => step);
}
