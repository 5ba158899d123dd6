import { formatRandomText, isRandomText } from '../model/random-text.ts';

/** An opaque access token from 32 random bytes. RFC 6749 §10.10 asks for 160 bits at best. */
export const formatOpaqueToken = (bytes: Uint8Array): string => formatRandomText('tsa', bytes);

/** Whether a text can be one of ours; what cannot is not looked up. */
export const isOpaqueToken = (text: string): boolean => isRandomText('tsa', text);
