// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

/* What the checks need to know of a TypeScript file, read from its syntax tree. */

/**
 * @typedef {{
 *   path: string,
 *   text: string,
 *   lines: number,
 *   imports: readonly { specifier: string | undefined, names: readonly string[], line: number }[],
 *   powers: readonly { power: Power, name: string, line: number }[],
 * }} Source `path` is relative to the root, with slashes.
 *
 * @typedef {'clock' | 'randomness' | 'process'} Power
 */

/** Functions of node:crypto and of the global `crypto` that read randomness. */
const RANDOM = new Set([
  'getRandomValues',
  'randomBytes',
  'randomFill',
  'randomFillSync',
  'randomInt',
  'randomUUID',
  'webcrypto',
]);

/** Files that exist to test others, and are never shipped. @param {string} path */
export const isTest = (path) =>
  path.endsWith('.test.ts') ||
  /(^|\/)(test|vectors)\//.test(path) ||
  path.startsWith('conformance/');

/**
 * The TypeScript files below the given folders, by path.
 *
 * @param {string} root
 * @param {readonly string[]} folders
 * @returns {Map<string, Source>}
 */
export function readSources(root, folders) {
  const paths = folders.flatMap((folder) => listFiles(join(root, folder)));
  return new Map(
    paths
      .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
      .map((path) => relative(root, path).split(sep).join('/'))
      .sort()
      .map((path) => [path, readSource(path, readFileSync(join(root, path), 'utf8'))]),
  );
}

/** @param {string} folder @returns {string[]} */
export function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

/** @param {string} path @param {string} text @returns {Source} */
function readSource(path, text) {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  /** @type {{ specifier: string | undefined, names: readonly string[], line: number }[]} */
  const imports = [];
  /** @type {{ power: Power, name: string, line: number }[]} */
  const powers = [];

  /** @param {ts.Node} node */
  const lineOf = (node) => tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;

  /** @param {ts.Node} node */
  const visit = (node) => {
    const imported = importOf(node, tree);
    if (imported !== undefined) imports.push({ ...imported, line: lineOf(node) });
    const power = powerOf(node);
    if (power !== undefined) powers.push({ ...power, line: lineOf(node) });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { path, text, lines: text.trimEnd().split('\n').length, imports, powers };
}

/**
 * Static imports and re-exports, those of types, and dynamic ones. A dynamic import of something
 * that is neither a literal nor a constant of the file has no specifier: nobody can tell where it
 * leads.
 *
 * @param {ts.Node} node
 * @param {ts.SourceFile} tree
 * @returns {{ specifier: string | undefined, names: readonly string[] } | undefined}
 */
function importOf(node, tree) {
  if (ts.isImportDeclaration(node)) {
    return { specifier: literal(node.moduleSpecifier), names: namesOf(node.importClause) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
    return { specifier: literal(node.moduleSpecifier), names: [] };
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return { specifier: literal(node.argument.literal), names: [] };
  if (ts.isCallExpression(node)) {
    const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const required = ts.isIdentifier(node.expression) && node.expression.text === 'require';
    if (dynamic || required)
      return { specifier: literal(constantOf(node.arguments[0], tree)), names: [] };
  }
  return undefined;
}

/**
 * What an import takes: the exported names, or `*` for all of them at once.
 *
 * @param {ts.ImportClause | undefined} clause
 */
function namesOf(clause) {
  const bindings = clause?.namedBindings;
  if (clause?.name !== undefined || (bindings !== undefined && ts.isNamespaceImport(bindings)))
    return ['*'];
  return bindings === undefined
    ? []
    : bindings.elements.map((element) => (element.propertyName ?? element.name).text);
}

/**
 * What a name stands for that `const` gave to a literal; any other node is itself.
 *
 * @param {ts.Node | undefined} node
 * @param {ts.SourceFile} tree
 * @returns {ts.Node | undefined}
 */
function constantOf(node, tree) {
  if (node === undefined || !ts.isIdentifier(node)) return node;
  /** @param {ts.Node} parent @returns {ts.Node | undefined} */
  const find = (parent) =>
    ts.forEachChild(parent, (child) => {
      if (!ts.isVariableDeclaration(child) || child.name.getText(tree) !== node.text)
        return find(child);
      return child.parent.flags & ts.NodeFlags.Const ? child.initializer : undefined;
    });
  return find(tree);
}

/** @param {ts.Node | undefined} node */
const literal = (node) =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;

/**
 * Whether a node takes the time, randomness or the process from its surroundings. `new Date(n)`
 * only formats an instant that somebody else read, and a type reads nothing.
 *
 * @param {ts.Node} node
 * @returns {{ power: Power, name: string } | undefined}
 */
function powerOf(node) {
  if (!ts.isIdentifier(node) || !isFreeValue(node)) return undefined;
  const { text, parent } = node;
  const member =
    ts.isPropertyAccessExpression(parent) && parent.expression === node
      ? parent.name.text
      : undefined;

  if (text === 'process' || text === 'globalThis') return { power: 'process', name: text };
  if (text === 'performance') return { power: 'clock', name: 'performance' };
  if (text === 'Date') {
    if (member === 'UTC' || member === 'parse') return undefined;
    if (ts.isNewExpression(parent) && parent.expression === node && parent.arguments?.length)
      return undefined;
    return { power: 'clock', name: member === undefined ? 'Date' : `Date.${member}` };
  }
  if (text === 'Math' && member === 'random') return { power: 'randomness', name: 'Math.random' };
  if (text === 'crypto' && member !== undefined && RANDOM.has(member))
    return { power: 'randomness', name: `crypto.${member}` };
  return undefined;
}

/**
 * Whether an identifier stands for a value of its surroundings: not the name of a member, a
 * property or a declaration, nor part of a type.
 *
 * @param {ts.Identifier} node
 */
function isFreeValue(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isTypeNode(parent) || ts.isQualifiedName(parent)) return false;
  return !('name' in parent && parent.name === node) && !ts.isImportSpecifier(parent);
}

/**
 * Names that read randomness among those imported from node:crypto.
 *
 * @param {Source} source
 */
export const randomImports = (source) =>
  source.imports
    .filter(({ specifier }) => specifier === 'node:crypto' || specifier === 'crypto')
    .flatMap(({ names, line }) =>
      names.filter((name) => name === '*' || RANDOM.has(name)).map((name) => ({ name, line })),
    );
