import { describe, expect, it } from 'vitest';
import { saysNoToolFits } from './lack-of-tool.ts';

describe('an answer that says no tool fits', () => {
  it.each([
    "I don't have a tool to send faxes.",
    'I do not have access to a suitable tool for this task.',
    'Unfortunately, I currently don’t have any tools that can book trains.',
    'There is no tool available for converting audio.',
    "None of the available tools can look up a person's address.",
    'There are currently no functions provided to do that.',
    "I can't find a tool for that.",
  ])('is known: %s', (text) => expect(saysNoToolFits(text)).toBe(true));

  it.each([
    '',
    'The weather in Oslo is fine.',
    'I used the search tool and found three files.',
    'You can use any of these tools to edit the file.',
    'I do not have your order number. Could you tell me?',
    'The toolbox has no hammer.',
    'The tool returned no results.',
    'No functions were changed by this commit.',
    'There is no need for another tool.',
    `I don't have a tool for that. ${'But here is what I know. '.repeat(100)}`,
  ])('is not taken for one: %s', (text) => expect(saysNoToolFits(text)).toBe(false));

  it('is looked for in time that grows with the text alone', () => {
    const started = performance.now();
    saysNoToolFits("I don't have a ".repeat(100));
    saysNoToolFits('no a-b '.repeat(200));
    expect(performance.now() - started).toBeLessThan(200);
  });
});
