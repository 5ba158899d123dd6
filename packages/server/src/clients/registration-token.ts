import { timingSafeEqual } from 'node:crypto';
import type { Environment } from '../environment.ts';
import type { Client } from '../model/client.ts';
import { formatRandomText } from '../model/random-text.ts';

/** A registration access token from 32 random bytes. RFC 7592 §2 */
export const formatRegistrationToken = (bytes: Uint8Array): string =>
  formatRandomText('tsr', bytes);

/** As long as the digests of real tokens, and of none of them. */
const NOBODY = '-'.repeat(43);

/**
 * Whether a token is the one by which a client manages its registration. For a client that does
 * not exist, or that an administrator made, the answer costs the same and is no.
 */
export function isRegistrationToken(
  { hasher }: Pick<Environment, 'hasher'>,
  client: Client | undefined,
  token: string,
): boolean {
  const presented = Buffer.from(hasher.digest('registration', token), 'latin1');
  const expected = Buffer.from(client?.registrationTokenDigest ?? NOBODY, 'latin1');
  return presented.length === expected.length && timingSafeEqual(presented, expected);
}
