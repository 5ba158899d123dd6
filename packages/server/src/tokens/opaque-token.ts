import { formatRandomText, isRandomText } from '../model/random-text.ts';

/**
 * An access token that says nothing by itself, from 32 random bytes. RFC 6749 §1.4, §10.10: the
 * chance of guessing it SHOULD be at most 2^-160.
 */
export const formatOpaqueToken = (bytes: Uint8Array): string => formatRandomText('tsa', bytes);

/** Whether a text can be one of ours; what cannot is not looked up. */
export const isOpaqueToken = (text: string): boolean => isRandomText('tsa', text);
