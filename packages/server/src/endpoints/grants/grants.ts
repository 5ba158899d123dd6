import {
  decideClientCredentials,
  type GrantType,
  JWT_BEARER_GRANT,
  ok,
  readAuthorizationDetails,
  TOKEN_EXCHANGE_GRANT,
} from '@tessera/protocol';
import { judgeDetails } from '../../clients/judge-details.ts';
import type { Grant } from './grant.ts';
import { jwtBearer } from './jwt-bearer.ts';
import { tokenExchange } from './token-exchange.ts';

/** RFC 6749 §4.4: the client's credentials are the grant, and were verified already. */
const clientCredentials: Grant = async (_env, { allowance, request }) => {
  const asked = request.form.single.get('authorization_details');
  const details = readAuthorizationDetails(asked);
  if (!details.ok) return details;
  const judged = await judgeDetails(allowance, details.value);
  const decided = decideClientCredentials(allowance, request.form, judged);
  return decided.ok ? ok({ authorization: decided.value, spends: [] }) : decided;
};

/** What answers each grant type; a new one without an entry does not compile. */
export const GRANTS: Readonly<Record<GrantType, Grant>> = {
  client_credentials: clientCredentials,
  [JWT_BEARER_GRANT]: jwtBearer,
  [TOKEN_EXCHANGE_GRANT]: tokenExchange,
};
