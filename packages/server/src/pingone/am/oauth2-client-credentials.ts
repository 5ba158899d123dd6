import {
  ok,
  parseDistinguishedName,
  type Result,
  readVerificationKey,
  refuse,
  sameName,
} from '@tessera/protocol';
import type { Answer, Body } from '../../contract/routes.ts';
import type { Values } from '../attributes.ts';
import { type CrestRefusal, unreadable } from '../crest.ts';
import type { OAUTH2_CLIENT } from './oauth2-client-attributes.ts';

/*
 * What an OAuth2Client of AM says of its keys and certificates, and what the client has, each as the
 * other. AM believes the one source of keys that `publicKeyLocation` names, and a certificate only
 * of a client that authenticates with one.
 */

type ClientBody = NonNullable<Body<'replaceClient'>>;
type ClientValues = Values<typeof OAUTH2_CLIENT>;
type Signing = ClientValues['signEncOAuth2ClientConfig'];

/** Keys and certificates as the administration API takes them. */
type Said = {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
  readonly jwksUri: string | null;
  readonly certificates: readonly { readonly subjectDn?: string; readonly certificate?: string }[];
};

/** Those that a client has; undefined: whoever asks may not know. */
export type Held =
  | {
      readonly keys: Answer<'listKeys'>['items'];
      readonly certificates: Answer<'listCertificates'>['items'];
    }
  | undefined;

const GROUP = 'signEncOAuth2ClientConfig';

function readSaid(values: ClientValues): Result<Said, CrestRefusal> {
  const signing = values.signEncOAuth2ClientConfig;
  const keys = readJwkSet(signing);
  if (!keys.ok) return keys;
  const { jwksUri, publicKeyLocation } = signing;
  return ok({
    keys: publicKeyLocation === 'jwks' ? keys.value : [],
    jwksUri: publicKeyLocation === 'jwks_uri' ? orNull(jwksUri) : null,
    certificates: certificatesOf(values),
  });
}

const orNull = (text: string | null): string | null => (text === '' ? null : text);

function certificatesOf({
  advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: method },
  signEncOAuth2ClientConfig: { mTLSSubjectDN, mTLSTrustedCert },
}: ClientValues): Said['certificates'] {
  const [subjectDn, certificate] = [orNull(mTLSSubjectDN), orNull(mTLSTrustedCert)];
  if (method === 'tls_client_auth' && subjectDn !== null) return [{ subjectDn }];
  return method === 'self_signed_tls_client_auth' && certificate !== null
    ? [{ certificate: pemOf(certificate) }]
    : [];
}

/** AM takes the text between the lines of PEM alone, too. */
const pemOf = (text: string): string =>
  text.includes('-----BEGIN')
    ? text
    : `-----BEGIN CERTIFICATE-----\n${text.trim()}\n-----END CERTIFICATE-----\n`;

/** A key of which somebody could make signatures is kept nowhere. */
const isPublicJwk = (key: unknown): key is Record<string, unknown> =>
  typeof key === 'object' && key !== null && !('d' in key) && !('k' in key);

/** `jwkSet` is text that holds a JWK Set (RFC 7517 §5). Keys for encryption prove nothing. */
function readJwkSet({ jwkSet }: Signing): Result<Said['keys'], CrestRefusal> {
  if (jwkSet === null || jwkSet === '') return ok([]);
  const attribute = `${GROUP}/jwkSet`;
  try {
    const set: unknown = JSON.parse(jwkSet);
    const keys = (set as { readonly keys?: unknown } | null)?.keys ?? [set];
    if (Array.isArray(keys) && keys.every(isPublicJwk))
      return ok(keys.filter((key) => key['use'] !== 'enc'));
  } catch {
    // Told below, as what is no set.
  }
  return refuse(unreadable(`${attribute} must be a JWK Set of public keys.`, { attribute }));
}

/**
 * What a PUT changes of them. What it says as it was shown is left as it is, whatever stands beside
 * it that AM has no words for; `shown` is undefined for a client that is not there yet.
 */
export function readCredentials(
  values: ClientValues,
  shown: ClientValues | undefined,
): Result<Pick<ClientBody, 'keys' | 'jwksUri' | 'certificates'>, CrestRefusal> {
  const read = readSaid(values);
  if (!read.ok) return read;
  const { keys, jwksUri, certificates } = read.value;
  const said = { keys: [...keys], jwksUri, certificates: [...certificates] };
  const before = shown === undefined ? ok(NOTHING) : readSaid(shown);
  if (!before.ok) return ok(said);
  const sameKeys = isSameKeys(before.value.keys, keys) && before.value.jwksUri === jwksUri;
  return ok({
    ...(!sameKeys && { keys: said.keys, jwksUri }),
    ...(!isSameCertificates(before.value.certificates, certificates) && {
      certificates: said.certificates,
    }),
  });
}

const NOTHING: Said = { keys: [], jwksUri: null, certificates: [] };

const isSameKeys = (a: Said['keys'], b: Said['keys']): boolean => nameKeys(a) === nameKeys(b);

/** As they are kept: what is beside the key in a JWK makes no difference, its name does. */
function nameKeys(keys: Said['keys']): string {
  const named = keys.map((jwk) => {
    const read = readVerificationKey(jwk);
    return JSON.stringify(read.ok ? read.value : jwk);
  });
  return [...new Set(named)].sort().join();
}

const isSameCertificates = (a: Said['certificates'], b: Said['certificates']): boolean =>
  a.length === b.length &&
  a.every(
    (one, index) =>
      isSameSubject(one.subjectDn, b[index]?.subjectDn) &&
      isSamePem(one.certificate, b[index]?.certificate),
  );

/** However it is written. RFC 4514 §2 */
function isSameSubject(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  const [one, other] = [parseDistinguishedName(a ?? ''), parseDistinguishedName(b ?? '')];
  return one !== undefined && other !== undefined && sameName(one, other);
}

/** However its lines are broken, and with or without the lines around it. */
const isSamePem = (a: string | undefined, b: string | undefined): boolean =>
  base64Of(a) === base64Of(b);

const base64Of = (pem: string | undefined): string | undefined =>
  pem?.replaceAll(/-----[A-Z ]+-----|\s/g, '');

/** The attributes as they were kept, with what was changed since, by whoever. */
export function presentCredentials(values: ClientValues, held: Held): Partial<Signing> {
  if (held === undefined) return {};
  const keys = held.keys.filter(({ status }) => status === 'active');
  const certificates = held.certificates.filter(({ status }) => status === 'active');
  return {
    ...presentKeys(
      values.signEncOAuth2ClientConfig,
      keys.map(({ jwk }) => jwk).filter((jwk) => jwk !== null),
      keys.flatMap(({ jwksUri }) => jwksUri ?? []),
    ),
    ...presentCertificates(values, certificates),
  };
}

function presentKeys(
  kept: Signing,
  keys: Said['keys'],
  addresses: readonly string[],
): Partial<Signing> {
  const [address = null] = addresses;
  // Where its keys come from, unless they come from elsewhere by now.
  const publicKeyLocation =
    kept.publicKeyLocation !== 'jwks' && keys.length > 0 && address === null
      ? 'jwks'
      : kept.publicKeyLocation !== 'jwks_uri' && address !== null && keys.length === 0
        ? 'jwks_uri'
        : kept.publicKeyLocation;
  const set = readJwkSet(kept);
  const present = keys.length > 0 ? JSON.stringify({ keys }) : null;
  const jwkSet =
    (set.ok && isSameKeys(set.value, keys)) || (present === null && publicKeyLocation !== 'jwks')
      ? kept.jwkSet
      : present;
  const jwksUri =
    addresses.includes(kept.jwksUri ?? '') || (address === null && publicKeyLocation !== 'jwks_uri')
      ? kept.jwksUri
      : address;
  return { publicKeyLocation, jwkSet, jwksUri };
}

function presentCertificates(
  values: ClientValues,
  held: NonNullable<Held>['certificates'],
): Partial<Signing> {
  const [said] = certificatesOf(values);
  const { tokenEndpointAuthMethod } = values.advancedOAuth2ClientConfig;
  if (tokenEndpointAuthMethod === 'tls_client_auth') {
    const subjects = held
      .filter(({ subjectKind }) => subjectKind === 'subject_dn')
      .map(({ subject }) => subject);
    return subjects.some((one) => isSameSubject(one, said?.subjectDn))
      ? {}
      : { mTLSSubjectDN: subjects[0] ?? null };
  }
  if (tokenEndpointAuthMethod !== 'self_signed_tls_client_auth') return {};
  const certificates = held.flatMap(({ certificate }) => certificate ?? []);
  return certificates.some((one) => isSamePem(one, said?.certificate))
    ? {}
    : { mTLSTrustedCert: certificates[0] ?? null };
}
