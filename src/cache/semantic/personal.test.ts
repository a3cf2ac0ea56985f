import { describe, expect, it } from 'vitest';
import { isPersonal } from './personal.ts';

describe('what is personal', () => {
  it.each([
    'Send it to ann.smith@example.com please',
    'My number is +49 170 1234567',
    'Call me at (555) 123-4567',
    'Where is order #48213?',
    'What about ticket ABC-4821',
    'My IBAN DE89 3704 0044 0532 0130 00 was rejected',
    'Hi, my name is Ann and I need help',
    'I live in Berlin, what can I do?',
    'my date of birth is in May',
    'use the key sk-abcdefgh1234',
    'I am 34 years old, which plan?',
    "I'm 34 years old, which plan?",
    "I'm Ann. How do I cancel?",
    'I am Ann Smith and I was charged twice',
    'This is Peter Miller, I need a refund',
    'Name: Ann Smith, what is my balance?',
    'How do I cancel?\nKind regards,\nAnn Smith',
    'Ich heiße Ann, wie kündige ich?',
    'my password: hunter2',
    'My DOB is 3/4/1985',
    'my salary is 54,000, what do I pay?',
    'the card ending in 4821 is blocked',
    'booking ref XK4P2Q is wrong',
    'use AKIAIOSFODNN7EXAMPLE for it',
    'is eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0 valid?',
  ])('is %j', (text) => {
    expect(isPersonal(text)).toBe(true);
  });

  it.each([
    'How do I reset my password?',
    'My card has not arrived yet',
    'What is 12 * 30?',
    'What changed between 2019 and 2024?',
    'How do I place an order?',
    'Can I open an account in 5 minutes?',
    'What is the price of 100,000 tokens?',
    'Who lives in a pineapple under the sea?',
    'What does error 404 mean?',
    "I'm trying to log in",
    'I am a developer. What is REST?',
    'This is Python code, what does it do?',
    'How do I change my user name?',
    'My salary is in GBP, do I need to exchange it?',
    'What are warm regards?',
    'Which numbers end in 4?',
  ])('is not %j', (text) => {
    expect(isPersonal(text)).toBe(false);
  });

  it('is found in linear time', () => {
    for (const unit of [
      'a',
      '1',
      '1 ',
      'a@',
      'a.',
      'order ',
      'my e-mail ',
      '+1(',
      'A1 ',
      'This is Aa ',
      'regards, ',
      'eyJ',
    ]) {
      const started = performance.now();
      isPersonal(unit.repeat(100_000 / unit.length));
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });
});
