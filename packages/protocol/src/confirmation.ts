import { decodeBase64url } from './base64url.ts';
import type { TokenBinding } from './client.ts';
import { isJsonObject } from './json.ts';
import type { Refusal } from './refusal.ts';
import { ok, type Result, refuse } from './result.ts';

/** The keys that whoever uses a token has to hold. RFC 7800 §3.1 */
export type Confirmation = {
  /** The thumbprint of a DPoP key. RFC 9449 §6.1 */
  readonly jkt?: string;
  /** That of a certificate: base64url of the SHA-256 of its DER. RFC 8705 §3.1 */
  readonly certificateThumbprint?: string;
};

/** The `cnf` of a token, in a JWT as in an introspection response. RFC 9449 §6, RFC 8705 §3.2 */
export type ConfirmationClaim = { readonly jkt?: string; readonly 'x5t#S256'?: string };

export const describeConfirmation = ({
  jkt,
  certificateThumbprint,
}: Confirmation): ConfirmationClaim => ({
  ...(jkt === undefined ? {} : { jkt }),
  ...(certificateThumbprint === undefined ? {} : { 'x5t#S256': certificateThumbprint }),
});

/**
 * Reads a `cnf`; undefined for one by which nothing can be confirmed here. Members that are not
 * understood are ignored (RFC 7800 §3.1), but a token that has no other is not free to use: only
 * the absence of `cnf` makes a bearer token.
 */
export function readConfirmation(cnf: unknown): Confirmation | undefined {
  if (!isJsonObject(cnf)) return undefined;
  const { jkt, 'x5t#S256': certificateThumbprint } = cnf;
  if (jkt !== undefined && !isThumbprint(jkt)) return undefined;
  if (certificateThumbprint !== undefined && !isThumbprint(certificateThumbprint)) return undefined;
  if (jkt === undefined && certificateThumbprint === undefined) return undefined;
  return {
    ...(jkt === undefined ? {} : { jkt }),
    ...(certificateThumbprint === undefined ? {} : { certificateThumbprint }),
  };
}

/** SHA-256 in base64url. */
const isThumbprint = (value: unknown): value is string =>
  typeof value === 'string' && value.length === 43 && decodeBase64url(value) !== undefined;

/** What all who have a say in a token ask of it together. */
export type BindingRequirement = {
  readonly dpop: boolean;
  readonly certificate: boolean;
  /** One of both, whichever. */
  readonly either: boolean;
};

export const combineBindings = (settings: readonly TokenBinding[]): BindingRequirement => ({
  dpop: settings.includes('dpop'),
  certificate: settings.includes('certificate'),
  either: settings.includes('either'),
});

/** The keys that a caller has shown to hold in this request; everything in it is verified. */
export type Possession = {
  readonly jkt?: string;
  readonly certificate?: {
    readonly thumbprint: string;
    /** Whether the client authenticated by it. */
    readonly authenticated: boolean;
  };
};

/**
 * Decides to which keys a new token is bound; undefined for a bearer token.
 *
 * What is required has to be there. Where nothing is, a proof binds, because it is sent for nothing
 * else (RFC 9449 §5); a certificate binds only if the client authenticated by it, because it may be
 * there for the connection alone. A token is bound twice only where both are required: every API
 * that takes it has to check both.
 */
export function selectConfirmation(
  { dpop, certificate: certificateRequired, either }: BindingRequirement,
  { jkt, certificate }: Possession,
): Result<Confirmation | undefined, Refusal> {
  if (dpop && jkt === undefined) return refuse({ reason: 'proof_missing' });
  if (certificateRequired && certificate === undefined)
    return refuse({ reason: 'certificate_missing' });
  if (either && jkt === undefined && certificate === undefined)
    return refuse({ reason: 'binding_missing' });

  const byProof = jkt === undefined || (certificateRequired && !dpop) ? {} : { jkt };
  const certificateBinds =
    certificateRequired || (jkt === undefined && (either || certificate?.authenticated === true));
  const byCertificate =
    certificate === undefined || !certificateBinds
      ? {}
      : { certificateThumbprint: certificate.thumbprint };
  const confirmation: Confirmation = { ...byProof, ...byCertificate };
  return ok(Object.keys(confirmation).length === 0 ? undefined : confirmation);
}
