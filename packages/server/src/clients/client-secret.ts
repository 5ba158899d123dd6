import { formatRandomText, isRandomText } from '../model/random-text.ts';

/** A generated client secret from 32 random bytes. */
export const formatSecret = (bytes: Uint8Array): string => formatRandomText('tsk', bytes);

/**
 * Whether a text has the form of a generated secret. Chosen secrets may not have it: the form
 * alone decides which verification is paid for, so the cost tells nothing about the client.
 */
export const isGeneratedSecret = (text: string): boolean => isRandomText('tsk', text);

/** What a recoverable secret is sealed to: of another client it does not open. */
export const secretContext = (realm: string, clientId: string): string =>
  `client secret ${realm} ${clientId}`;
