import type { Body } from '@tessera/server/contract';

/** A custom claim as the API takes it. */
export type Claim = NonNullable<Body<'updateProvider'>['claims']>[number];

export const CLAIM_KINDS = [
  { value: 'text', label: 'Text' },
  { value: 'json', label: 'JSON value' },
  { value: 'attribute', label: 'Client attribute' },
  { value: 'template', label: 'Template' },
] as const;

type ClaimKind = (typeof CLAIM_KINDS)[number]['value'];

/** The same as people type it. */
export type ClaimDraft = {
  readonly name: string;
  readonly kind: ClaimKind;
  /** The text, the JSON, the name of the attribute or the template. */
  readonly text: string;
  /** What stands there for clients without the attribute; empty: the claim is left out. */
  readonly otherwise: string;
};

/** A template that is one attribute and nothing else. */
const ATTRIBUTE = /^\{\{client\.attributes\.([A-Za-z][A-Za-z0-9_-]{0,63})(?:\|([^{}|]+))?\}\}$/;

export function draftOf({
  name,
  value,
  template,
}: {
  readonly name: string;
  readonly value?: unknown;
  readonly template?: string | undefined;
}): ClaimDraft {
  if (template !== undefined) {
    const [, attribute, otherwise = ''] = ATTRIBUTE.exec(template) ?? [];
    return attribute === undefined
      ? { name, kind: 'template', text: template, otherwise: '' }
      : { name, kind: 'attribute', text: attribute, otherwise };
  }
  return typeof value === 'string'
    ? { name, kind: 'text', text: value, otherwise: '' }
    : { name, kind: 'json', text: JSON.stringify(value), otherwise: '' };
}

/** What can be sent; a text where it cannot be, since it is no JSON. */
export function claimOf({ name, kind, text, otherwise }: ClaimDraft): Claim | string {
  if (kind === 'text') return { name, value: text };
  if (kind === 'template') return { name, template: text };
  if (kind === 'attribute')
    return {
      name,
      template: `{{client.attributes.${text.trim()}${otherwise === '' ? '' : `|${otherwise}`}}}`,
    };
  try {
    return { name, value: JSON.parse(text) as unknown };
  } catch {
    return 'is no JSON: write "text", 5, true, [1, 2] or {"a": 1}';
  }
}

export const isClaim = (claim: Claim | string): claim is Claim => typeof claim !== 'string';
