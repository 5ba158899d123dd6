import { isForeignSubject, TOKEN_EXCHANGE_GRANT, type TokenFacts } from '@tessera/protocol';

/**
 * The clients that a token speaks for: its own and, after an exchange, the one that it is about and
 * those that act. Whoever disables one of them means every token by which it is served.
 */
export function partiesOf({
  clientId,
  subject,
  actors,
  grantType,
}: Pick<TokenFacts, 'clientId' | 'subject' | 'actors' | 'grantType'>): readonly string[] {
  if (grantType !== TOKEN_EXCHANGE_GRANT) return [clientId];
  return [...new Set([clientId, subject, ...actors])].filter((party) => !isForeignSubject(party));
}
