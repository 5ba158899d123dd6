import type { Refusal } from './refusal.ts';
import { ok, type Result, refuse } from './result.ts';

/** Characters of all scopes of one token, with the spaces between. */
export const SCOPE_LENGTH_MAX = 4_096;

/**
 * Reads the value of `scope` into its tokens, in the order first named, each once.
 *
 *     scope       = scope-token *( SP scope-token )
 *     scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
 *
 * RFC 6749 §3.3. Order does not matter and a repeated token adds nothing.
 */
export function readScope(value: string): Result<readonly string[], Refusal> {
  const tokens = value.split(' ');
  for (const token of tokens)
    if (!isScopeToken(token)) return refuse({ reason: 'scope_malformed' });
  return ok(tokens.length === 1 ? tokens : [...new Set(tokens)]);
}

/** Whether one scope name obeys the grammar. RFC 6749 §3.3. */
export function isScopeToken(token: string): boolean {
  if (token === '') return false;
  for (let i = 0; i < token.length; i++) {
    const c = token.charCodeAt(i);
    if (c < 0x21 || c > 0x7e || c === 0x22 || c === 0x5c) return false;
  }
  return true;
}

export const formatScope = (tokens: readonly string[]): string => tokens.join(' ');
