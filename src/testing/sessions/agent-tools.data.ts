// Made for Pare: the system prompt and the tools of an invented coding agent.
import type { JsonObject } from '../../contract/index.ts';

export const AGENT_SYSTEM = `You are a careful programmer who works in a terminal on the repository of the user.

Before you change anything, read the files that you are about to change and the tests that cover them. Prefer the smallest change that makes the behaviour right. Keep to the style of the file: indentation, quotes, the way errors are raised. Do not rename things that need no new name, and do not reformat lines that you do not change.

After each change, run the tests that cover it, then all tests once at the end. If a test fails that you did not touch, say so before you go on. Never delete a test to make a suite pass. Never commit; the user does that.

When a command prints much, read the end first: the summary is there. When you do not find something, search for it with another word once, then ask.

When you are done, say in at most six sentences what was wrong, what you changed and in which files, which tests you ran, and what you noticed but left alone. Give paths relative to the repository. Do not praise the question and do not apologise.

Money in this repository is kept in whole cents, as integers; rates are kept in basis points. Floating-point numbers may appear only in tests that show what would go wrong with them.`;

const text = (description: string) => ({ type: 'string', description });
const whole = (description: string) => ({ type: 'integer', description });

function tool(
  about: readonly [name: string, description: string],
  properties: JsonObject,
  required: string[],
) {
  return { name: about[0], description: about[1], input_schema: { type: 'object', properties, required } };
}

export const AGENT_TOOLS = [
  tool(
    [
      'list_files',
      'Lists files below a folder, one path a line, sorted. Folders named in .gitignore are left out. Use it once at the beginning to learn how the repository is laid out.',
    ],
    {
      path: text('Folder, relative to the repository; "." for all of it.'),
      depth: whole('How many levels to go down, 1 to 6.'),
    },
    ['path'],
  ),
  tool(
    [
      'read_file',
      'Returns a text file with line numbers. Long files are returned in parts; ask again with another first line. Files that are not text are refused.',
    ],
    {
      path: text('Path of the file, relative to the repository.'),
      first_line: whole('First line to return, from 1.'),
      lines: whole('How many lines to return, 400 at most.'),
    },
    ['path'],
  ),
  tool(
    [
      'search_text',
      'Searches the repository with a regular expression and returns matching lines with path and line number, 100 at most. Use it to find the callers of a function before you change it.',
    ],
    {
      pattern: text('Regular expression in the syntax of JavaScript.'),
      path: text('Folder or file to search in; the whole repository when absent.'),
      ignore_case: { type: 'boolean', description: 'True to ignore upper and lower case.' },
    },
    ['pattern'],
  ),
  tool(
    [
      'edit_file',
      'Replaces one passage of a file by another. The old passage must occur exactly once, blanks included; give enough lines around it to make it unique.',
    ],
    {
      path: text('Path of the file, relative to the repository.'),
      old_text: text('The passage as it stands in the file.'),
      new_text: text('What takes its place.'),
    },
    ['path', 'old_text', 'new_text'],
  ),
  tool(
    ['create_file', 'Creates a text file. Refused when the file exists: change it with edit_file instead.'],
    { path: text('Path of the new file, relative to the repository.'), content: text('The whole content.') },
    ['path', 'content'],
  ),
  tool(
    [
      'run_command',
      'Runs a command in the root of the repository and returns its exit code and the end of what it printed. Commands that wait for input are stopped after two minutes. There is no network.',
    ],
    {
      command: text('The command, as typed in a shell.'),
      timeout_seconds: whole('1 to 120; 60 when absent.'),
    },
    ['command'],
  ),
  tool(
    [
      'show_changes',
      'Returns the difference between the working tree and the last commit in unified form, for one path or for all.',
    ],
    { path: text('Path to restrict the difference to; everything when absent.') },
    [],
  ),
  tool(
    [
      'ask_user',
      'Asks the user one question and waits for the answer. Use it only when the answer decides what you do next and cannot be found in the repository.',
    ],
    {
      question: text('The question, in one or two sentences.'),
      choices: {
        type: 'array',
        items: { type: 'string' },
        description: 'Answers to choose from, if there are natural ones.',
      },
    },
    ['question'],
  ),
];
