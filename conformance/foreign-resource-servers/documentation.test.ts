import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

it('what the documentation shows is what the other tests here run, all of it and to the byte', () => {
  const documented = read('../../docs/apis/other-libraries.md').matchAll(/^```\w+\n(.*?)^```$/gms);
  const samples = readdirSync(new URL('.', import.meta.url)).filter(
    (name) => !name.endsWith('.ts'),
  );
  const shown = [...documented].map(([, text = '']) => text);
  expect(new Set(shown)).toEqual(new Set(samples.map(read)));
  expect(shown).toHaveLength(samples.length);
});
