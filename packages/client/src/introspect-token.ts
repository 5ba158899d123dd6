import { type Introspection, readIntrospection } from '@tessera/protocol';
import { askEndpoint, type ClientCall } from './ask-endpoint.ts';
import { UnexpectedAnswerError } from './oauth-error.ts';

export type TokenCall = ClientCall & {
  readonly token: string;
  /** Where the server should look first. RFC 7009 §2.1, RFC 7662 §2.1. */
  readonly tokenTypeHint?: string | undefined;
};

/** Asks the authorization server what a token stands for. RFC 7662 §2. Rejects like `requestToken`. */
export async function introspectToken(call: TokenCall): Promise<Introspection> {
  const answer = await askEndpoint('introspection_endpoint', describeTokenCall(call), call);
  const introspection = readIntrospection(answer.json);
  if (introspection.ok) return introspection.value;
  throw new UnexpectedAnswerError(
    `the introspection response has a missing or malformed ${introspection.refusal.member}`,
    answer,
  );
}

export function describeTokenCall(call: TokenCall): URLSearchParams {
  const form = new URLSearchParams({ token: call.token });
  if (call.tokenTypeHint !== undefined) form.set('token_type_hint', call.tokenTypeHint);
  return form;
}
