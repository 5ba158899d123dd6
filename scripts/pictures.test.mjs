// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './root.mjs';

/** Every page that people read. */
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true })
    .map((file) => join('docs', String(file)))
    .filter((file) => file.endsWith('.md')),
];

/** A picture in Markdown, or in HTML for light and dark. */
const SHOWN = /!\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g;

const shown = PAGES.flatMap((page) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(SHOWN)]
    .map(([, markdown, html]) => markdown ?? html ?? '')
    .filter((address) => !address.includes(':'))
    .map((address) => ({ page, picture: relative(ROOT, join(ROOT, dirname(page), address)) })),
);

test('every picture that a page shows is there', () => {
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.filter(({ picture }) => !existsSync(join(ROOT, picture)))).toEqual([]);
});

test('what is shown in the dark has a picture for the light beside it', () => {
  const pictures = new Set(shown.map(({ picture }) => picture));
  const dark = [...pictures].filter((picture) => picture.endsWith('-dark.png'));
  for (const picture of dark) expect(pictures).toContain(picture.replace('-dark.', '-light.'));
});
