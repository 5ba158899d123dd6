// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isTest, listFiles } from './read-source.mjs';

/*
 * Holds docs/specifications.md to the code and to the tests. Each row of its table says where a
 * section of a specification is kept and what shows it:
 *
 *     | RFC 6749 §3.2 | what it asks | packages/…/file.ts | packages/…/file.test.ts |
 *
 * Code cites sections as `RFC 6749 §3.2` or `RFC 6749 App. B`. A test shows a section when a title
 * begins with it (`§3.2 refuses …`, `RFC 7662 §2.1 …`) or when the test file cites it in full.
 */

const DOCUMENT = 'docs/specifications.md';

/** `§3.2`, `App. A.1` */
const PLACE = String.raw`(?:§\d+(?:\.\d+)*|App\. [A-Z](?:\.\d+)*)`;

/** `RFC 6749 §5.2, §10.10 and App. B` */
const CITATION = new RegExp(
  String.raw`RFC (\d{3,5}),? (${PLACE}(?:(?:,| and| or)+ (?:RFC \1 )?${PLACE})*)`,
  'g',
);

/**
 * The sections a text cites: `6749 §3.2`. Comments break lines where they like, so their breaks
 * are spaces.
 *
 * @param {string} text
 * @returns {Set<string>}
 */
function citationsOf(text) {
  const flowing = text.replace(/\s*\n\s*(?:\*(?!\/)|\/\/)?\s*/g, ' ');
  return new Set(
    [...flowing.matchAll(CITATION)].flatMap(([, rfc, places = '']) =>
      [...places.matchAll(new RegExp(PLACE, 'g'))].map(([place]) => `${rfc} ${place}`),
    ),
  );
}

/**
 * The sections that the titles of a test file begin with; without the number of the RFC where the
 * title leaves it to the file.
 *
 * @param {string} text
 * @returns {Set<string>}
 */
function titlesOf(text) {
  const title = new RegExp(String.raw`['"\`](?:RFC (\d{3,5}) )?(${PLACE})(?![\d.]*\d)`, 'g');
  return new Set([...text.matchAll(title)].map(([, rfc = '', place]) => `${rfc} ${place}`.trim()));
}

/**
 * @typedef {{ section: string, files: readonly string[], tests: readonly string[], line: number }} Row
 * @param {string} text
 * @returns {{ rows: readonly Row[], broken: readonly string[] }}
 */
function readTable(text) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {string[]} */
  const broken = [];
  for (const [index, written] of text.split('\n').entries()) {
    if (!written.startsWith('| RFC')) continue;
    const line = index + 1;
    const [, cited = '', , files = '', tests = ''] = written.split('|').map((cell) => cell.trim());
    const [section, ...others] = citationsOf(cited);
    if (section === undefined || others.length > 0 || cited !== `RFC ${section}`)
      broken.push(`${DOCUMENT}:${line}: "${cited}" is not one section, RFC NNNN §N.N`);
    else if (rows.some((row) => row.section === section))
      broken.push(`${DOCUMENT}:${line}: RFC ${section} has a row already`);
    else rows.push({ section, files: pathsIn(files), tests: pathsIn(tests), line });
  }
  return { rows, broken };
}

/** @param {string} cell */
const pathsIn = (cell) => [...cell.matchAll(/[\w@./-]+\.(?:ts|mjs)\b/g)].map(([path]) => path);

/**
 * Everything that the table has wrong, one line each.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function checkSpecifications(root) {
  const document = join(root, DOCUMENT);
  if (!existsSync(document)) return [`${DOCUMENT}: is missing`];
  const { rows, broken } = readTable(readFileSync(document, 'utf8'));
  const listed = new Set(rows.map(({ section }) => section));
  const missing = sourcesOf(root).flatMap((path) =>
    [...citationsOf(readFileSync(join(root, path), 'utf8'))]
      .filter((section) => !listed.has(section))
      .map((section) => `${path}: cites RFC ${section}, which has no row in ${DOCUMENT}`),
  );
  return [...broken, ...rows.flatMap((row) => checkRow(root, row)), ...missing];
}

/** @param {string} root @param {Row} row */
function checkRow(root, { section, files, tests, line }) {
  const at = `${DOCUMENT}:${line}: RFC ${section}`;
  /** @type {string[]} */
  const broken = [];
  if (files.length === 0) broken.push(`${at} names no file that keeps it`);
  if (tests.length === 0) broken.push(`${at} names no test that shows it`);
  for (const path of [...files, ...tests])
    if (!existsSync(join(root, path))) broken.push(`${at}: ${path} does not exist`);

  for (const path of files.filter((file) => existsSync(join(root, file))))
    if (!citationsOf(readFileSync(join(root, path), 'utf8')).has(section))
      broken.push(`${at}: ${path} does not cite it`);
  for (const path of tests.filter((test) => existsSync(join(root, test)))) {
    const text = readFileSync(join(root, path), 'utf8');
    const titles = titlesOf(text);
    const [, place = ''] = /^\d+ (.*)$/.exec(section) ?? [];
    if (!titles.has(section) && !titles.has(place) && !citationsOf(text).has(section))
      broken.push(`${at}: no test in ${path} names it`);
  }
  return broken;
}

/**
 * The files whose citations count: what is shipped, and what judges it from outside.
 *
 * @param {string} root
 */
function sourcesOf(root) {
  const packages = join(root, 'packages');
  const folders = existsSync(packages)
    ? readdirSync(packages).map((name) => join(packages, name, 'src'))
    : [];
  return [...folders, join(root, 'conformance')]
    .filter((folder) => existsSync(folder))
    .flatMap(listFiles)
    .map((path) => relative(root, path).split(sep).join('/'))
    .filter((path) => path.endsWith('.ts') && (path.startsWith('conformance/') || !isTest(path)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const broken = checkSpecifications(fileURLToPath(new URL('..', import.meta.url)));
  for (const line of broken) console.error(line);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
