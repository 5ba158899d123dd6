import type { ResponseProfile } from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import { formatRandomText, isRandomText } from '../model/random-text.ts';

/**
 * An access token that says nothing by itself, from 32 random bytes; `bare` from 20, as PingAM's.
 * RFC 6749 §1.4, §10.10: the chance of guessing it SHOULD be at most 2^-160, which both keep.
 */
export const newOpaqueToken = (
  random: Environment['random'],
  form: ResponseProfile['opaqueTokens'],
): string =>
  form === 'bare'
    ? Buffer.from(random.bytes(20)).toString('base64url')
    : formatRandomText('tsa', random.bytes(32));

/** Whether a text can be one of ours; what cannot is not looked up. */
export const isOpaqueToken = (text: string): boolean =>
  isRandomText('tsa', text) || (text.length === 27 && BARE.test(text));

/** 160 bits: the last character has no more than four of them. RFC 4648 §3.5 */
const BARE = /^[\w-]{26}[AEIMQUYcgkosw048]$/;
