import type { SigningAlgorithm } from './client.ts';

/** JWK members that may leave the server. RFC 7517 §4, RFC 7518 §6: none of them is private. */
export type PublicJwk = {
  readonly kty: 'EC' | 'RSA' | 'OKP';
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: SigningAlgorithm;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
};
