import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { REFUSAL_WORDS } from './refusal-words.ts';

const DOCUMENT = new URL('../../../../../docs/refusals.md', import.meta.url);

it('docs/refusals.md has the same words', () => {
  const rows = readFileSync(DOCUMENT, 'utf8')
    .split('\n')
    .map((line) => /^\| `(\w+)` \|[^|]+\|[^|]+\| (.+) \|$/.exec(line))
    .filter((match) => match !== null)
    .map(([, reason, words]) => [reason, words]);
  const told = Object.entries(REFUSAL_WORDS).map(([reason, [, remedy]]) => [reason, remedy]);
  expect(rows.length).toBeGreaterThan(100);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(rows));
});

it('every cause is a few words that tell it from all others', () => {
  const causes = Object.values(REFUSAL_WORDS).map(([cause]) => cause);
  expect(new Set(causes).size).toBe(causes.length);
  for (const cause of causes) expect(cause).toMatch(/^[A-Z].{2,58}[^.]$/);
});
