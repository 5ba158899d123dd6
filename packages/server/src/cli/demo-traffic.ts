/*
 * What the clients of the demonstration do: real requests at the real endpoints, so that the console
 * has something true to show. Most succeed; a few are refused as they are in real life.
 */

export type TrafficSources = {
  /** The issuer, below which the endpoints are. */
  readonly issuer: string;
  /** By client id. A client whose secret nobody knows any more asks for nothing. */
  readonly secrets: ReadonlyMap<string, string>;
};

/** Milliseconds between two requests of the first lot, and from then on. */
const QUICKLY = 40;
const SLOWLY = 15_000;

type Asked = readonly [clientId: string, scope: string];

const REGULAR: readonly Asked[] = [
  ['nightly-invoices', 'orders:read'],
  ['web-shop', 'orders:read orders:write'],
  ['web-shop', 'stock:read'],
  ['myClient', 'write'],
  ['web-shop', 'stock:read'],
];

/** How often the regular requests are made in the first lot. */
const ROUNDS = 6;

/** Starts at once; the promise of `stop` is there when nothing is under way any more. */
export function startTraffic(sources: TrafficSources): { stop(): Promise<void> } {
  const stopping = new AbortController();
  // Whatever somebody has made of the realm meanwhile: it is no reason to end the demonstration.
  const ended = run(sources, stopping.signal).catch(() => {});
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}

/** Ends early, and well, when it is aborted. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });

async function run({ issuer, secrets }: TrafficSources, signal: AbortSignal): Promise<void> {
  const post = async (path: string, clientId: string, secret: string, form: object) => {
    const answer = await fetch(`${issuer}/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
      },
      body: new URLSearchParams({ ...form }),
      signal,
    });
    return (await answer.json()) as { readonly access_token?: string };
  };
  const requestToken = ([clientId, scope]: Asked) => {
    const secret = secrets.get(clientId);
    return secret === undefined
      ? undefined
      : post('access_token', clientId, secret, { grant_type: 'client_credentials', scope });
  };
  const use = async (asked: Asked) => {
    const answer = await requestToken(asked);
    const secret = secrets.get('config-service');
    if (answer?.access_token !== undefined && secret !== undefined)
      await post('introspect', 'config-service', secret, { token: answer.access_token });
  };
  for (let round = 0; round < ROUNDS; round++)
    for (const asked of REGULAR) {
      await use(asked);
      await pause(QUICKLY, signal);
    }
  await makeMistakes(secrets, requestToken, post);
  for (let turn = 0; !signal.aborted; turn++) {
    await pause(SLOWLY, signal);
    await use(REGULAR[turn % REGULAR.length] ?? ['myClient', 'write']);
  }
}

/** Once for each start and few: guessing is slowed down, and nobody else here shall be. */
async function makeMistakes(
  secrets: ReadonlyMap<string, string>,
  requestToken: (asked: Asked) => Promise<unknown> | undefined,
  post: (path: string, clientId: string, secret: string, form: object) => Promise<unknown>,
): Promise<void> {
  await requestToken(['nightly-invoices', 'orders:write']);
  await requestToken(['nightly-invoices', 'orders:write']);
  await requestToken(['web-shop', 'stock:write']);
  const form = { grant_type: 'client_credentials', scope: 'orders:read' };
  if (!secrets.has('web-shop')) return;
  await post('access_token', 'web-shop', 'the-secret-before', form);
  await post('access_token', 'old-web-shop', 'the-secret-before', form);
  await post('access_token', 'web-shop', secrets.get('web-shop') ?? '', {
    grant_type: 'password',
  });
}
