import type { LineRole } from '../recognise/index.ts';

/**
 * Code that the project did not write: runtimes, standard libraries, test runners and installed packages. Of a
 * stack trace, the frames elsewhere are those that can be mended.
 */
const FOREIGN: readonly RegExp[] = [
  // Where packages and toolchains are installed.
  /[\\/](?:node_modules|site-packages|dist-packages|gems|\.cargo|\.rustup|rustc|rustlib|\.pub-cache|\.m2|vendor)[\\/]/,
  /[\\/](?:lib(?:64)?[\\/](?:python|ruby|go)[\d.-]*|(?:go|golang|Go|ruby|sdk)[\d.-]*[\\/](?:src|pkg[\\/]mod|lib))[\\/]/,
  /\b(?:node:internal|node:[a-z_]+:\d|internal\/(?:modules|process|timers|streams)\/|<frozen |_pytest[\\/.])/,
  // Frames of the JVM and of .NET begin with the package.
  /^\s{0,20}at (?:java|javax|jdk|sun|com\.sun|scala|kotlin|kotlinx|groovy|clojure|org\.(?:junit|testng|apache|gradle|codehaus|scalatest|spockframework|hamcrest|mockito|springframework)|System|Microsoft|NUnit|Xunit)\./,
  // Numbered frames of Rust name the crate.
  /^\s{0,12}\d{1,4}: (?:0x[\da-f]+ - )?<?(?:std|core|alloc|test|__rust\w*|rust_\w+|tokio|backtrace)(?:::|_|\b)/,
];
const OWN_FRAME_SHARE = 1.2;

/** A level that stands at the beginning, as Maven prints it. */
const LEVEL = /^\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR)\]?:?/;
/** Carets, gutters, rules and brackets: worth something only beside the lines that they belong to. */
const HAS_WORD = /[\p{L}\p{N}]/u;
const SCAFFOLD_SHARE = 0.3;

/** By how much a line's own text changes what it is worth for its neighbours' sake. */
export function tellingShare(message: string, role: LineRole): number {
  if (!HAS_WORD.test(message.replace(LEVEL, ''))) return SCAFFOLD_SHARE;
  if (role !== 'frame') return 1;
  return FOREIGN.some((pattern) => pattern.test(message)) ? 1 : OWN_FRAME_SHARE;
}
