import type { RefusalReason } from '@tessera/protocol';
import { AUTHENTICATION_WORDS } from './authentication-words.ts';
import { GRANT_WORDS } from './grant-words.ts';
import { KEY_WORDS } from './key-words.ts';
import { OTHER_WORDS } from './other-words.ts';

/**
 * Of each reason: a cause in a few words, and what it means and what to do about it. The same words
 * are in docs/refusals.md. A reason without words does not compile.
 */
export const REFUSAL_WORDS: {
  readonly [Reason in RefusalReason]: readonly [cause: string, remedy: string];
} = { ...AUTHENTICATION_WORDS, ...KEY_WORDS, ...GRANT_WORDS, ...OTHER_WORDS };
