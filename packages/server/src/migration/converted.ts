import type { Body } from '../contract/routes.ts';

/*
 * What another product's configuration becomes here: a realm file, and what was made of each of its
 * attributes, so that nobody finds out later.
 */

export type RealmFile = Body<'applyRealm'>['file'];
export type ClientInFile = NonNullable<RealmFile['clients']>[number];
export type ApplicationInFile = NonNullable<RealmFile['applications']>[number];
export type ApiInFile = NonNullable<RealmFile['apis']>[number];

export type Fate = 'mapped' | 'kept' | 'dropped';

export type Note = {
  /** `client myClient`, `provider`, `api orders`. */
  readonly object: string;
  /** Where it is in the object, such as `attributes.access.token.lifespan`. */
  readonly attribute: string;
  readonly fate: Fate;
  /** As what it goes on, or why it does not. */
  readonly why: string;
};

export type Converted = {
  readonly file: RealmFile;
  readonly notes: readonly Note[];
  /** Clients that authenticate with a secret which is not in what was exported. */
  readonly withoutSecret: readonly string[];
  /** Clients that authenticate with what could not be taken over, and nothing makes for them. */
  readonly withoutProof: readonly { readonly clientId: string; readonly lacks: Proof }[];
};

export type Proof = 'key' | 'certificate';

/** The same, with a new secret in place of each that came along. */
export function withNewSecrets(converted: Converted): Converted {
  const withoutSecret = new Set(converted.withoutSecret);
  const renewed = new Set<string>();
  const clients = converted.file.clients?.map((client) => {
    if (!client.secrets?.some(({ secret }) => secret !== undefined)) return client;
    withoutSecret.add(client.clientId);
    renewed.add(`client ${client.clientId}`);
    return { ...client, secrets: client.secrets.map(({ secret: _secret, ...rest }) => rest) };
  });
  return {
    file: { ...converted.file, ...(clients !== undefined && { clients }) },
    notes: converted.notes.map((note) =>
      note.attribute === 'secret' && renewed.has(note.object)
        ? { ...note, fate: 'dropped', why: 'a new one is made, as was asked for' }
        : note,
    ),
    withoutSecret: [...withoutSecret],
    withoutProof: converted.withoutProof,
  };
}

/** Why something is no configuration of the product, as a sentence. */
export class UnreadableConfiguration extends Error {
  override readonly name = 'UnreadableConfiguration';
}

type Members = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? [...new Set(value.filter((item): item is string => typeof item === 'string' && item !== ''))]
    : [];

/** Why most of what is kept is kept. */
export const KEPT = 'decides nothing here; given back as it is';

/** Whatever an exported file may hold that nobody should find in another configuration. */
const SENSITIVE =
  /secret|pass|pwd|private|credential|token|signing_keys|api.?key|access.?key|sas.?key|hmac|assertion/i;

/**
 * Goes through one object of another product and keeps account: what is asked for is mapped, what is
 * named as dropped is that, and all else is kept, unless it may be a secret.
 */
export function accountFor(object: string, members: Members) {
  const notes: Note[] = [];
  const seen = new Set<string>();
  const note = (attribute: string, fate: Fate, why: string): void => {
    seen.add(attribute);
    notes.push({ object, attribute, fate, why });
  };
  return {
    /** The value of a member, which goes on as `what`. Nothing: it is not there, or empty. */
    map(attribute: string, what: string): unknown {
      const value = members[attribute];
      seen.add(attribute);
      if (!isEmpty(value)) note(attribute, 'mapped', what);
      return value;
    },
    drop(attribute: string, why: string): undefined {
      if (!isEmpty(members[attribute])) note(attribute, 'dropped', why);
      seen.add(attribute);
      return undefined;
    },
    /** What is told of an attribute that was asked for, when it did not go as `what` said. */
    correct(attribute: string, fate: Fate, why: string): void {
      const index = notes.findIndex((one) => one.attribute === attribute);
      if (index < 0) note(attribute, fate, why);
      else notes[index] = { object, attribute, fate, why };
    },
    /** All that nobody asked for; `hints`: what is told of some of it. */
    rest(hints: Readonly<Record<string, string>> = {}): {
      readonly notes: readonly Note[];
      readonly kept: Members;
    } {
      const kept: Record<string, unknown> = {};
      for (const [attribute, value] of Object.entries(members)) {
        if (seen.has(attribute) || isEmpty(value)) continue;
        if (isSensitive(attribute, value)) note(attribute, 'dropped', 'may be a secret');
        else {
          note(attribute, 'kept', hints[attribute] ?? KEPT);
          kept[attribute] = value;
        }
      }
      return { notes, kept };
    },
  };
}

/** By its own name, or by that of anything in it. A number or a yes or no is no secret. */
const isSensitive = (name: string, value: unknown): boolean =>
  (SENSITIVE.test(name) && !isPlain(value)) ||
  (typeof value === 'object' &&
    value !== null &&
    Object.entries(value).some(([inner, held]) => isSensitive(inner, held)));

const isPlain = (value: unknown): boolean =>
  typeof value === 'boolean' ||
  typeof value === 'number' ||
  value === 'true' ||
  value === 'false' ||
  (Array.isArray(value) && value.every((item) => isPlain(item)));

/** What says nothing has no fate, either. */
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** A name of a realm, from what another product calls it. */
export const realmNameOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50) || 'imported';

/** A secret that a client can go on with: not masked, and of a length that is taken. */
export const isUsableSecret = (secret: string | undefined, lengthMin: number): secret is string =>
  secret !== undefined &&
  !/^\*+$/.test(secret) &&
  secret.length >= lengthMin &&
  secret.length <= 128;

/** Addresses that can be compared letter by letter; patterns cannot. */
export const exactUris = (uris: readonly string[]): readonly string[] =>
  uris.filter((uri) => URL.canParse(uri) && !uri.includes('*') && !uri.includes('#'));
