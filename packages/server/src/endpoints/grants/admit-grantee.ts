import {
  describeAssertionRefusal,
  JWT_BEARER_GRANT,
  profileRules,
  type Refusal,
  type Result,
  readCredentials,
  readGrantAssertion,
  refuse,
} from '@tessera/protocol';
import { authenticateServiceAccount } from '../../clients/authenticate-service-account.ts';
import type { AuthenticatedClient } from '../../clients/authenticated-client.ts';
import { type AdmissionEnvironment, admitClient, recordUse } from '../admit-caller.ts';
import type { OAuthRequest } from '../oauth-request.ts';

/**
 * The door of the token endpoint: a client that proves itself, or one whose grant proves it. The
 * latter is only looked for where nothing else is presented: "if client credentials are present
 * in the request, the authorization server MUST validate them" (RFC 7521 §4.1).
 */
export async function admitGrantee(
  env: AdmissionEnvironment,
  request: OAuthRequest,
): Promise<Result<AuthenticatedClient, Refusal>> {
  const { form, provider } = request;
  if (form.single.get('grant_type') !== JWT_BEARER_GRANT) return admitClient(env, request);
  const presented = readCredentials(request.authorization, form);
  if (!presented.ok) return presented;
  const { method } = presented.value;
  if (method !== 'nothing' && method !== 'client_id_only') return admitClient(env, request);
  if (!provider.grantTypes.includes(JWT_BEARER_GRANT))
    return refuse({ reason: 'grant_type_disabled_in_realm', grantType: JWT_BEARER_GRANT });

  const text = form.single.get('assertion');
  if (text === undefined) return refuse({ reason: 'grant_assertion_missing' });
  const read = readGrantAssertion(text);
  if (!read.ok) return refuse(describeAssertionRefusal(read.refusal));
  const { issuer, subject } = read.value;
  // Somebody vouches for another: only clients may bring that.
  if (issuer !== subject) return admitClient(env, request);
  const claimed = method === 'nothing' ? undefined : presented.value.clientId;
  const { serviceAccountClientId } = profileRules(request.grantProfile ?? provider.securityProfile);
  if (claimed !== undefined && claimed !== subject && claimed !== serviceAccountClientId)
    return refuse({ reason: 'client_id_mismatched' });

  const account = await authenticateServiceAccount(env, request, read.value);
  if (account.ok) recordUse(env, request, account.value);
  return account;
}
