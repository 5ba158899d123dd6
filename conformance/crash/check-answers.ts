import type { Answer } from '../wire.ts';
import { type ClientRecord, type Ledger, settle } from './ledger.ts';
import { requestBoundToken } from './operations.ts';
import type { Service } from './service.ts';

/*
 * Whether a server answers as it had promised, after the ledger has been compared with its
 * database. Here it learns what became of the revocations that nobody knew of.
 */

/** Of one client. */
const PROOFS_MAX = 5;

/** How many requests are under way at once. */
const WIDTH = 12;

/** Asks the server after clients, their secrets and tokens. Answers with what is wrong. */
export async function checkAnswers(
  service: Service,
  ledger: Ledger,
  clients: readonly ClientRecord[],
): Promise<readonly string[]> {
  const wrong: string[] = [];
  await Promise.all([
    eachOf(clients, (client) => checkClient(service, client, wrong)),
    checkProvider(service, ledger, wrong),
  ]);
  return wrong;
}

async function checkProvider(
  { administration }: Service,
  { lifetime }: Ledger,
  wrong: string[],
): Promise<void> {
  const answer = await administration.call('GET', '/api/realms/alpha/provider');
  const { accessTokenLifetime } = answer.json as { readonly accessTokenLifetime?: unknown };
  if (accessTokenLifetime !== lifetime.acknowledged)
    wrong.push(`the lifetime is ${accessTokenLifetime}, not ${lifetime.acknowledged}`);
}

async function checkClient(service: Service, client: ClientRecord, wrong: string[]): Promise<void> {
  const { clientId, there, secrets, granted, tokens, proofs } = client;
  const { alpha, administration, observer } = service;
  const shown = await administration.call('GET', `/api/realms/alpha/clients/${clientId}`);
  const expect = (what: string, answer: Answer, status: number): void => {
    if (answer.status !== status)
      wrong.push(`${what} of ${clientId}: ${answer.status} ${answer.text}, not ${status}`);
  };
  expect('the client', shown, there.acknowledged ? 200 : 404);
  // Of a client that is gone one is enough: failures are counted.
  const tried = there.acknowledged ? secrets : secrets.slice(-1);
  for (const [index, secret] of tried.entries())
    expect(
      `secret ${index + 1} of ${secrets.length}`,
      await alpha.request({ clientId, secret }, { scope: 'read' }),
      there.acknowledged ? 200 : 401,
    );
  if (there.acknowledged && granted.acknowledged !== '') {
    const { json } = await administration.call(
      'GET',
      `/api/realms/alpha/clients/${clientId}/grants`,
    );
    const { items } = json as { readonly items: readonly { readonly scopes: unknown }[] };
    const found = JSON.stringify(items[0]?.scopes);
    if (found !== granted.acknowledged)
      wrong.push(`the grant of ${clientId} is ${found}, not ${granted.acknowledged}`);
  }
  // Old ones are refused whatever is remembered of them.
  if (there.acknowledged)
    for (const proof of proofs.slice(-PROOFS_MAX))
      expect(
        'a proof that was used',
        await requestBoundToken(service, { clientId, secret: secrets.at(-1) ?? '' }, proof),
        400,
      );
  for (const [index, { text, active }] of tokens.entries()) {
    const answer = await alpha.introspect(text, observer);
    expect('introspection', answer, 200);
    const found = (answer.json as { readonly active?: unknown }).active;
    const what = `token ${index + 1} of ${clientId}`;
    // Whatever a token was: it ends with its client.
    if (there.acknowledged) settle(what, active, found === true, wrong);
    else if (found !== false) wrong.push(`${what} is active without its client`);
  }
}

async function eachOf<T>(items: readonly T[], use: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const work = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await use(item);
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
}
