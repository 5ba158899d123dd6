import { bodyOf, exchangeRaw, formatRequest } from './raw-exchange.ts';
import type { RecordingRelay } from './recording-relay.ts';

export type WalkStep = {
  readonly title: string;
  /** Bytes that went over the wire. */
  readonly bytes: string;
  /** A command that does the same. */
  readonly curl?: string;
};

export type WalkPlaces = {
  readonly issuer: string;
  /** Where the authorization server listens. */
  readonly server: string;
  readonly api: string;
  /** Stands between the API and the authorization server. */
  readonly relay: RecordingRelay;
};

/**
 * The six steps of the client credentials grant, done for real and shown as they were said. Throws
 * when one of them does not end as it must.
 */
export async function* walkThroughGrant({
  issuer,
  server,
  api,
  relay,
}: WalkPlaces): AsyncGenerator<WalkStep> {
  const tokenUrl = `${issuer}/access_token`;
  const issuing = await exchangeRaw(
    new URL(server),
    formatRequest(
      'POST',
      new URL(tokenUrl),
      {
        Authorization: `Basic ${Buffer.from('myClient:forgerock').toString('base64')}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      'grant_type=client_credentials&scope=write',
    ),
  );
  yield {
    title: '1  client → authorization server: its credentials, and the wish for a token',
    bytes: issuing.request,
    curl: `curl --request POST --user 'myClient:forgerock' --data "grant_type=client_credentials" --data "scope=write" "${tokenUrl}"`,
  };
  yield {
    title: '2  authorization server → client: credentials valid, an access token',
    bytes: issuing.response,
  };

  const token = readToken(bodyOf(issuing));
  const target = new URL('/config', api);
  const configuration = await chooseConfiguration(target, token);
  relay.take();
  const calling = await exchangeRaw(
    target,
    formatRequest(
      'PUT',
      target,
      { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      configuration,
    ),
  );
  const asking = relay.take();
  if (!/^HTTP\/1\.1 20[04] /.test(calling.response))
    throw new Error(
      `the sample API refused the token: ${calling.response.split('\r\n', 1).join()}`,
    );
  yield {
    title: '3  client → resource server: a call to the protected resource, with the token',
    bytes: calling.request,
    curl: `curl --request PUT ${target.href} --header "Authorization: Bearer $TOKEN" --header "Content-Type: application/json" --data '${configuration}'`,
  };
  yield {
    title: '4  resource server → authorization server: is this token valid?',
    bytes: asking.request,
  };
  yield {
    title: '5  authorization server → resource server: it is, and this is what it allows',
    bytes: asking.response,
  };
  yield {
    title: '6  resource server → client: the protected resource',
    bytes: calling.response,
  };
}

/** What is there already is sent again: nothing that somebody keeps there is lost by the walk. */
async function chooseConfiguration(target: URL, token: string): Promise<string> {
  const headers = { Authorization: `Bearer ${token}` };
  const reading = await exchangeRaw(target, formatRequest('GET', target, headers));
  const kept = reading.response.startsWith('HTTP/1.1 200 ') ? bodyOf(reading) : '{}';
  return kept === '{}' ? JSON.stringify({ colour: 'blue', updatedBy: 'the demonstration' }) : kept;
}

function readToken(body: string): string {
  const answer: unknown = JSON.parse(body);
  if (typeof answer === 'object' && answer !== null && 'access_token' in answer)
    if (typeof answer.access_token === 'string') return answer.access_token;
  throw new Error(`the authorization server gave no token: ${body}`);
}
