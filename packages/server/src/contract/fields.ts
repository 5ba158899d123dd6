import {
  ALLOWED_ADDRESSES_MAX,
  ASSERTION_ALGORITHMS,
  isClientId,
  isForeignSubject,
  isScopeToken,
  readAllowedAddress,
  SECURITY_PROFILES,
  SIGNING_ALGORITHMS,
  SYMMETRIC_ALGORITHMS,
  TOKEN_BINDINGS,
  TOKEN_ENDPOINT_AUTH_METHODS,
  TOKEN_EXCHANGE_MODES,
  TOKEN_FORMATS,
} from '@tessera/protocol';
import { z } from 'zod';
import { ACCESS_TOKEN_LIFETIME_MAX } from '../model/provider.ts';
import { QUOTA_MODES, TOKEN_REUSE_MAX, TOKENS_PER_SPAN_MAX } from '../model/quota.ts';

/**
 * The members that several resources have in common. Each names what it expects, so that whoever
 * got it wrong learns what would have been right.
 */

/** Control characters, and halves of characters that no encoding can carry. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const UNPRINTABLE_IN_PROSE = /(?![\n\t])[\p{Cc}\p{Cs}]/u;

/** One line of text. */
export const line = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !UNPRINTABLE.test(text), 'must not contain control characters');

/** A name that people read: neither empty nor blank. */
export const nameField = line(100)
  .min(1)
  .refine((text) => text.trim() !== '', 'must be a name of 1 to 100 characters');

export const descriptionField = z
  .string()
  .max(1000)
  .refine(
    (text) => !UNPRINTABLE_IN_PROSE.test(text),
    'must not contain control characters other than line breaks',
  );

export const labelField = line(100).meta({ description: 'Tells this one from the others' });

/** Ids that this server makes, and ids of APIs. */
export const idField = z
  .string()
  .regex(
    /^(?!\.\.?$)[A-Za-z0-9._~-]{1,64}$/,
    'must be 1 to 64 letters, digits, or any of - . _ ~, and neither . nor ..',
  );

export const clientIdField = z
  .string()
  .min(1)
  .max(255)
  .refine(
    (text) => isClientId(text) && !UNPRINTABLE.test(text),
    'must be 1 to 255 printable characters',
  )
  // RFC 9068 §5: its tokens would look like those about somebody of another issuer.
  .refine(
    (text) => !isForeignSubject(text),
    'must not begin with letters, digits or any of - . _ ~ followed by |',
  )
  // RFC 3986 §5.2.4: as part of an address these two mean something else.
  .refine((text) => text !== '.' && text !== '..', 'must be neither . nor ..');

export const realmNameField = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 lower-case letters, digits or hyphens, with no hyphen at either end',
  );

export const scopeField = z
  .string()
  .min(1)
  .max(200)
  .refine(
    isScopeToken,
    'must be 1 to 200 printable ASCII characters without space, quotation mark or backslash',
  );

/** At most `max`, none of them twice. */
export const listOf = <Item extends z.ZodType>(item: Item, max: number) =>
  z
    .array(item)
    .max(max)
    .refine((items) => new Set(items).size === items.length, 'must not contain one item twice')
    .meta({ uniqueItems: true });

export const scopesField = listOf(scopeField, 200);

export const grantTypesField = listOf(
  z
    .string()
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'must be the name of a grant type, or its URN'),
  20,
);

/** RFC 6749 §3.1.2: absolute, and without a fragment. */
export const absoluteUriField = z
  .string()
  .max(2000)
  .refine(
    isAbsoluteUri,
    'must be an absolute URI without a fragment, such as https://api.example.com/',
  )
  .meta({ format: 'uri' });

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const URI_CHARACTERS = /^[\w\-.~:/?[\]@!$&'()*+,;=%]+$/;

function isAbsoluteUri(text: string): boolean {
  const scheme = SCHEME.exec(text)?.[0];
  return (
    scheme !== undefined &&
    text.length > scheme.length &&
    URI_CHARACTERS.test(text) &&
    !/%(?![0-9A-Fa-f]{2})/.test(text)
  );
}

export const webUriField = absoluteUriField.refine(
  (text) => /^https?:\/\/[^/]/.test(text),
  'must be an http or https URL',
);

export const allowedAddressesField = listOf(
  z
    .string()
    .max(50)
    .refine(
      (text) => readAllowedAddress(text) !== undefined,
      'must be an IP address, or a network with no bits beyond its length, such as 192.0.2.0/24',
    ),
  ALLOWED_ADDRESSES_MAX,
).meta({
  description: 'Addresses and networks from which it may prove itself; empty: from anywhere',
});

export const lifetimeField = z
  .int()
  .min(1)
  .max(ACCESS_TOKEN_LIFETIME_MAX)
  .meta({ description: 'Seconds that an access token lives' });

export const tokenFormatField = z.enum(TOKEN_FORMATS);
export const signingAlgorithmField = z.enum(SIGNING_ALGORITHMS);
export const authenticationMethodField = z.enum(TOKEN_ENDPOINT_AUTH_METHODS);
export const securityProfileField = z.enum(SECURITY_PROFILES);
export const tokenBindingField = z
  .enum(TOKEN_BINDINGS)
  .meta({ description: 'What its tokens must be bound to: a DPoP key, a client certificate' });
export const assertionAlgorithmField = z.enum([...ASSERTION_ALGORITHMS, ...SYMMETRIC_ALGORITHMS]);
export const assertionReuseField = z
  .enum(['refused', 'until_expiry'])
  .meta({ description: 'Whether one assertion may be shown again until it expires' });

export const tokenExchangeField = z.enum(TOKEN_EXCHANGE_MODES).meta({
  description:
    'What it may make of tokens about others: only such that name it as the acting party, or any',
});

export const quotaModeField = z.enum(QUOTA_MODES).meta({
  description: 'What happens when a quota of tokens is exceeded: nothing, it is told, 429',
});

export const tokenLimitField = z.int().min(1).max(TOKENS_PER_SPAN_MAX);

export const tokenReuseField = z.int().min(0).max(TOKEN_REUSE_MAX).meta({
  description: 'Seconds for which a token answers further requests for the same; 0: not at all',
});

/** RFC 7468 §5.1: text with one certificate in it. What it holds is judged by the use case. */
export const certificateField = z
  .string()
  .max(32_768)
  .refine(
    (text) => !UNPRINTABLE_IN_PROSE.test(text.replaceAll('\r\n', '\n')),
    'must be a certificate in PEM',
  );

/** An instant. RFC 7519 §2. */
export const instantField = z
  .int()
  .min(0)
  .max(253_402_300_799)
  .meta({ description: 'Seconds since 1970-01-01T00:00:00Z' });

/** The same in a query. */
export const instantQuery = z.coerce
  .number<string>()
  .int()
  .min(0)
  .max(253_402_300_799)
  .meta({ description: 'Seconds since 1970-01-01T00:00:00Z' });

export const revisionField = z
  .int()
  .meta({ description: 'Counts the changes of this object; its entity tag is this number quoted' });

/** A member that may be left out or set to null, which both mean: as the realm has it. */
export const inherited = <Field extends z.ZodType>(field: Field) =>
  field.nullable().optional().meta({ description: 'null: as the realm has it' });

/** A yes or no in a query. */
export const flag = z.enum(['true', 'false']).optional();

export const realmParams = z.object({ realm: realmNameField });
