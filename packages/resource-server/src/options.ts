import type { AssertionAlgorithm, ClientAuthentication } from '@tessera/protocol';
import type { Transport } from './exchange.ts';
import type { TokenProfile } from './jwt-access-token.ts';
import type { PresentedRequest } from './presented-request.ts';
import type { Refusal } from './refusal.ts';
import type { ReplayStore } from './replay-memory.ts';
import type { Requirement } from './requirement.ts';

/** Who asks the authorization server about tokens. RFC 7662 §2.1 */
export type IntrospectionOptions = {
  readonly clientId: string;
  /** Instead of `authenticate`: presented by HTTP Basic. */
  readonly clientSecret?: string | undefined;
  /** Any method of `@tessera/client`: `privateKeyJwt(…)`, `federated(…)`, `clientCertificate()`, … */
  readonly authenticate?: ClientAuthentication | undefined;
  /** `opaque` by default: JWTs are judged by their signature. `all`: they are asked about too. */
  readonly tokens?: 'opaque' | 'all' | undefined;
  /** Ask for an answer that is signed, and take no other. RFC 9701 §4 */
  readonly signed?: boolean | undefined;
  /** How long an answer may be used again, 0 by default. A revocation is seen that much later. */
  readonly cacheSeconds?: number | undefined;
  /** Questions under way at once, 1,000 by default. */
  readonly pendingMax?: number | undefined;
};

/** How proofs of possession are judged. RFC 9449 §7 */
export type DpopOptions = {
  /** How old a proof may be, 60 by default. */
  readonly windowSeconds?: number | undefined;
  /** Where the `jti` of proofs are remembered; by default in this process. */
  readonly replays?: ReplayStore | undefined;
  /** Proofs have to carry a nonce that this API gave. Off by default. */
  readonly nonces?: boolean | undefined;
  /**
   * From which nonces are made, 32 bytes or more: the same on all nodes of the API. By default
   * each process makes its own.
   */
  readonly nonceSecret?: Uint8Array | undefined;
};

/** How long the published keys of the authorization server serve. */
export type KeyOptions = {
  /** After so long they are fetched anew, 300 by default, while those there still serve. */
  readonly refreshSeconds?: number | undefined;
  /** For so long they serve while the server can not be reached, 4 hours by default. */
  readonly usableSeconds?: number | undefined;
  /** Between two fetches for keys that are not known, 10 by default. */
  readonly coolDownSeconds?: number | undefined;
};

/** How revocations of tokens that are validated by their signature are followed. */
export type StatusOptions = {
  /** How often the authorization server is asked what has changed, 1 by default. */
  readonly pollSeconds?: number | undefined;
  /**
   * When it does not answer: `refuse` (the default) once what is known is older than its `ttl`;
   * or go on with what is known for so many seconds more.
   */
  readonly whenUnavailable?: 'refuse' | { readonly staleFor: number } | undefined;
};

/** What the API tells about itself, beside what follows from the other options. RFC 9728 §2 */
export type ResourceOptions = {
  /** Its resource identifier; by default the first `audience` that is an address. */
  readonly identifier?: string | undefined;
  readonly name?: string | undefined;
  /** For people: what the API does and how it is used. */
  readonly documentation?: string | undefined;
  /** Scopes that callers may want to ask for. */
  readonly scopes?: readonly string[] | undefined;
};

export type ResourceServerOptions = Transport & {
  /** Of the authorization server, as its metadata writes it. */
  readonly issuer: string;
  /** What this API is called in `aud`; any one of several. */
  readonly audience: string | readonly string[];
  /** Signatures that are taken; by default all that are asymmetric. */
  readonly algorithms?: readonly AssertionAlgorithm[] | undefined;
  /**
   * `standard` by default: the JWTs of RFC 9068. `pingone`: also those of a realm with that profile,
   * typed `JWT` with `scope` as an array. `aud` has to name this API all the same.
   */
  readonly profile?: TokenProfile | undefined;
  /** How far clocks may differ, 30 by default, 60 at most. */
  readonly clockTolerance?: number | undefined;
  /** For a server without metadata, or one whose metadata names another address than this API has to use. */
  readonly endpoints?:
    | {
        readonly jwksUri?: string | undefined;
        readonly introspectionEndpoint?: string | undefined;
      }
    | undefined;
  readonly keys?: KeyOptions | undefined;
  /** Without: tokens are JWTs, and nobody is asked. */
  readonly introspection?: IntrospectionOptions | undefined;
  /**
   * The address under which callers know what is `/` here, for the `htu` of DPoP proofs:
   * `https://api.example.com/orders` behind a proxy that takes `/orders` away. By default the
   * origin of `audience` where that is an address. A function for what no prefix can say.
   */
  readonly publicUrl?: string | ((request: PresentedRequest) => string | undefined) | undefined;
  /** `false`: no proofs are taken, and tokens that are bound to a DPoP key refused. */
  readonly dpop?: DpopOptions | false | undefined;
  /** `false`: revocations of JWTs are not followed. */
  readonly status?: StatusOptions | false | undefined;
  /** Asked of every request, beside what `admit` is told. */
  readonly require?: Requirement | undefined;
  /** RFC 9110 §11.5 */
  readonly realm?: string | undefined;
  /** Publish what the API is, and name the document in every challenge. RFC 9728 */
  readonly resource?: ResourceOptions | undefined;
  /** Tokens remembered, 10,000 by default. */
  readonly cacheEntries?: number | undefined;
  /** Told of each refusal, for a log. */
  readonly onRefused?: ((refusal: Refusal, request: PresentedRequest) => void) | undefined;
  /** Told when the authorization server could not be used, also in the background. */
  readonly onUnavailable?: ((problem: UnavailableProblem) => void) | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: (() => number) | undefined;
};

/** What of the authorization server could not be had. */
export type UnavailableProblem = {
  readonly what: 'metadata' | 'keys' | 'status' | 'introspection';
  /** One line, without secrets. */
  readonly message: string;
};
