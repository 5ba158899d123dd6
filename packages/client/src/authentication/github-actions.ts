import { exchange, type Transport } from '../exchange.ts';
import type { TokenReader } from '../grants/grant.ts';
import { UnusableCredentialError } from '../oauth-error.ts';
import { membersOf } from '../read-token-response.ts';

const REMEDY = 'Give the job the permission "id-token: write".';

/**
 * Asks GitHub for the ID token of the job, for each request, since each is good for one time.
 * `environment` is `process.env`, in which GitHub says where to ask. The audience is the issuer of
 * the authorization server unless it is named here.
 */
export function githubActionsToken(
  environment: Readonly<Record<string, string | undefined>>,
  { audience, ...transport }: Transport & { readonly audience?: string | undefined } = {},
): TokenReader {
  return async (call) => {
    const address = environment['ACTIONS_ID_TOKEN_REQUEST_URL'];
    const bearer = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
    if (address === undefined || bearer === undefined)
      throw new UnusableCredentialError('GitHub offers no ID token to this job', REMEDY);
    const url = new URL(address);
    url.searchParams.set('audience', audience ?? call.issuer ?? '');
    const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
    const answer = await exchange(url.href, { headers }, transport);
    const { value } = membersOf(answer.json);
    if (answer.status === 200 && typeof value === 'string') return value;
    throw new UnusableCredentialError(`GitHub answered ${answer.status}, no ID token`, REMEDY);
  };
}
