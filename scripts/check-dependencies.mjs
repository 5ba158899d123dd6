// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * What this project lets in: exact versions only, so that nothing changes without a commit; no
 * address of a registry in the lockfile, so that every user installs from their own; and licences
 * that allow everybody to use, change and sell what is built from them.
 */

/** SPDX identifiers that ask for no more than keeping their notice. */
const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
]);

const DEPENDENCIES = /** @type {const} */ ([
  'dependencies',
  'devDependencies',
  'optionalDependencies',
]);

/**
 * @typedef {{
 *   version?: string, license?: string, resolved?: string, link?: boolean, dev?: boolean,
 * }} Locked
 * @typedef {{ name: string, version: string, license?: string, private?: boolean }
 *   & Partial<Record<(typeof DEPENDENCIES)[number], Record<string, string>>>} Manifest
 */

/**
 * Everything that breaks a rule, one line each.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function checkDependencies(root) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  /** @type {[string, Locked][]} */
  const locked = Object.entries(lock.packages);
  return [
    ...locked.flatMap(([path, entry]) => checkAddress(path, entry)),
    ...locked.flatMap(([path, entry]) => checkLicence(root, path, entry)),
    ...checkManifests(readManifests(root)),
  ];
}

/** @param {string} path @param {Locked} entry */
const checkAddress = (path, { resolved, link }) =>
  resolved !== undefined && !link ? [`package-lock.json: ${path} names ${resolved}`] : [];

/**
 * Development tools are not part of what anybody gets, so their licence binds nobody.
 *
 * @param {string} root @param {string} path @param {Locked} entry
 */
function checkLicence(root, path, entry) {
  if (!path.startsWith('node_modules/') || entry.dev || entry.link) return [];
  const licence = entry.license ?? licenceOf(join(root, path, 'package.json'));
  // `(MIT OR Apache-2.0)` is a choice: one that is allowed suffices. `AND` asks for all.
  const choices = (licence ?? '').replace(/[()]/g, '').split(' OR ');
  const allowed = choices.some((choice) => choice.split(' AND ').every((id) => LICENCES.has(id)));
  return allowed ? [] : [`${path}: licence ${licence ?? 'unknown'} is not on the list`];
}

/** @param {string} manifest @returns {string | undefined} */
const licenceOf = (manifest) =>
  existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).license : undefined;

/** @param {string} root @returns {(readonly [string, Manifest])[]} */
function readManifests(root) {
  const groups = ['packages', 'examples'].filter((group) => existsSync(join(root, group)));
  const folders = groups.flatMap((group) =>
    readdirSync(join(root, group)).map((name) => `${group}/${name}`),
  );
  return ['.', ...folders, 'conformance', 'bench']
    .map((folder) => (folder === '.' ? 'package.json' : `${folder}/package.json`))
    .filter((path) => existsSync(join(root, path)))
    .map((path) => [path, JSON.parse(readFileSync(join(root, path), 'utf8'))]);
}

/**
 * One version for all packages of the house, exact ones for all others.
 *
 * @param {readonly (readonly [string, Manifest])[]} manifests
 */
function checkManifests(manifests) {
  const version = manifests[0]?.[1].version;
  return manifests.flatMap(([path, manifest]) => [
    ...(manifest.version === version ? [] : [`${path}: is not version ${version}`]),
    ...DEPENDENCIES.flatMap((kind) => Object.entries(manifest[kind] ?? {})).flatMap(
      ([name, wanted]) => {
        if (name.startsWith('@tessera/'))
          return wanted === version ? [] : [`${path}: ${name} ${wanted} is not ${version}`];
        return /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(wanted)
          ? []
          : [`${path}: ${name} ${wanted} is not an exact version`];
      },
    ),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const broken = checkDependencies(fileURLToPath(new URL('..', import.meta.url)));
  for (const line of broken) console.error(line);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
