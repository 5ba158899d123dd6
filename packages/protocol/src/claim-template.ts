import { ok, type Result, refuse } from './result.ts';

/** What the text of a custom claim can be made of. */
export type ClaimSources = {
  readonly client: {
    readonly id: string;
    readonly name: string;
    readonly attributes: Readonly<Record<string, string>>;
  };
  /** undefined: the realm's default API, which has neither id nor name. */
  readonly api: { readonly id: string; readonly name: string } | undefined;
  readonly realm: string;
};

/** Text as it is, and places that are filled. */
export type ClaimTemplate = readonly (string | Reference)[];

type Reference = {
  readonly find: (sources: ClaimSources) => string | undefined;
  /** What stands there if nothing is found; undefined: then there is no claim at all. */
  readonly otherwise: string | undefined;
};

/** Characters. */
const CLAIM_TEMPLATE_LENGTH_MAX = 256;

/** References in one template: with the bound of what each stands for, that of the whole. */
const REFERENCES_MAX = 4;

/** Names of attributes of clients: letters of a programming language's names, so that they need no quotes. */
export const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

const FOUND: Readonly<Record<string, Reference['find']>> = {
  'client.id': ({ client }) => client.id,
  'client.name': ({ client }) => client.name,
  'api.id': ({ api }) => api?.id,
  'api.name': ({ api }) => api?.name,
  'realm.name': ({ realm }) => realm,
};

const OF_ATTRIBUTE = 'client.attributes.';

const KNOWN = [...Object.keys(FOUND), `${OF_ATTRIBUTE}<name>`].join(', ');

/**
 * Reads a template: text with references such as `{{client.name}}` or, with what stands there if
 * there is none, `{{client.attributes.team|nobody}}`. There is nothing else in the language: no
 * loops, no conditions, no functions. The refusal is a sentence without its subject.
 */
export function readClaimTemplate(text: string): Result<ClaimTemplate, string> {
  if (text.length > CLAIM_TEMPLATE_LENGTH_MAX)
    return refuse(`must not be longer than ${CLAIM_TEMPLATE_LENGTH_MAX} characters`);
  const parts: (string | Reference)[] = [];
  let at = 0;
  while (at < text.length) {
    const opened = text.indexOf('{{', at);
    const plain = text.slice(at, opened === -1 ? undefined : opened);
    if (plain.includes('}}'))
      return refuse(`has }} without {{ before it, at character ${at + plain.indexOf('}}') + 1}`);
    if (plain !== '') parts.push(plain);
    if (opened === -1) break;
    const closed = text.indexOf('}}', opened);
    if (closed === -1)
      return refuse(
        `has {{ without }} after it, at character ${opened + 1}: write {{client.name}}`,
      );
    const reference = readReference(text.slice(opened + 2, closed));
    if (!reference.ok) return reference;
    parts.push(reference.value);
    at = closed + 2;
  }
  const references = parts.filter((part) => typeof part !== 'string');
  if (references.length > REFERENCES_MAX)
    return refuse(`must not have more than ${REFERENCES_MAX} references`);
  return references.length > 0
    ? ok(parts)
    : refuse('has no reference such as {{client.name}}: give a value instead');
}

function readReference(inner: string): Result<Reference, string> {
  const bar = inner.indexOf('|');
  const path = (bar === -1 ? inner : inner.slice(0, bar)).trim();
  const otherwise = bar === -1 ? undefined : inner.slice(bar + 1).trim();
  if (otherwise?.includes('{{')) return refuse('has a reference within another');
  const find = finderOf(path);
  return find === undefined
    ? refuse(`has the unknown reference {{${path}}}; there are ${KNOWN}`)
    : ok({ find, otherwise });
}

function finderOf(path: string): Reference['find'] | undefined {
  if (Object.hasOwn(FOUND, path)) return FOUND[path];
  const name = path.startsWith(OF_ATTRIBUTE) ? path.slice(OF_ATTRIBUTE.length) : '';
  if (!ATTRIBUTE_NAME.test(name)) return undefined;
  // A name such as `constructor` is an attribute only where somebody has set it.
  return ({ client: { attributes } }) =>
    Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/** The text of a claim; undefined when something is missing that nothing stands in for. */
export function fillClaimTemplate(
  template: ClaimTemplate,
  sources: ClaimSources,
): string | undefined {
  let text = '';
  for (const part of template) {
    const found = typeof part === 'string' ? part : (part.find(sources) ?? part.otherwise);
    if (found === undefined) return undefined;
    text += found;
  }
  return text;
}
