import type { JSONWebKeySet } from 'jose';
import { checkActive } from './check-answers.ts';
import type { Address } from './connection.ts';
import { GENERATOR_CORE, SERVER_CORE } from './pinning.ts';
import { formatBasic } from './request.ts';
import type { Row } from './row.ts';
import { runLoad } from './run-load.ts';
import { type ClientAccount, SCOPE } from './setting.ts';
import type { Showing } from './signed-request.ts';
import type { Subject } from './subject.ts';
import type { IntrospectionTraffic, LoadResult, TokenTraffic, Traffic } from './traffic.ts';

/** How long and how hard; `manyClients` replaces the one client of a token row. */
export type Effort = {
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly pinned: boolean;
  readonly manyClients?: { readonly count: number; readonly secret: string } | undefined;
  readonly nodeOptions?: readonly string[] | undefined;
};

/** As many tokens as a few resource servers see in a minute. */
const TOKENS_TO_INTROSPECT = 1000;
const REQUESTS_AT_ONCE = 20;

/** Starts a server, measures one row, and stops it: nothing is left over from the row before. */
export async function measureRow(
  subject: Subject,
  row: Row,
  connections: number,
  effort: Effort,
): Promise<LoadResult> {
  const core = effort.pinned ? SERVER_CORE : undefined;
  const server = await subject.start(core, effort.nodeOptions ?? []);
  try {
    const traffic = await prepareTraffic(subject, row, server.address, effort);
    return await runLoad(effort.pinned ? GENERATOR_CORE : undefined, {
      address: server.address,
      serverPid: server.pid,
      serverCore: core,
      connections,
      warmUpSeconds: effort.warmUpSeconds,
      seconds: effort.seconds,
      traffic,
    });
  } catch (fault) {
    throw new Error(`${subject.name}, ${row.id}`, { cause: fault });
  } finally {
    await server.stop();
  }
}

const prepareTraffic = (
  subject: Subject,
  row: Row,
  address: Address,
  effort: Effort,
): Promise<Traffic> =>
  row.endpoint === 'token'
    ? prepareTokens(subject, row, address, effort)
    : prepareIntrospection(subject, row, address);

const TOKEN_FORM = `grant_type=client_credentials&scope=${SCOPE}`;

async function prepareTokens(
  subject: Subject,
  row: Row,
  address: Address,
  { manyClients }: Effort,
): Promise<TokenTraffic> {
  const keys = await fetch(urlOf(address, subject.paths.jwks));
  return {
    kind: 'token',
    path: subject.paths.token,
    form: TOKEN_FORM,
    callers:
      manyClients === undefined
        ? { kind: 'one', account: subject.accounts[row.client] }
        : { kind: 'many', ...manyClients },
    showing: describeShowing(subject, row, address),
    format: row.client === 'opaque' ? 'opaque' : 'jwt',
    jwks: (await keys.json()) as JSONWebKeySet,
    introspectionPath: subject.paths.introspection,
  };
}

function describeShowing(subject: Subject, { client }: Row, address: Address): Showing | undefined {
  if (client === 'keyed') return { kind: 'assertion' };
  return client === 'proving' ? { kind: 'proof', target: subject.proofTarget(address) } : undefined;
}

async function prepareIntrospection(
  subject: Subject,
  row: Row,
  address: Address,
): Promise<IntrospectionTraffic> {
  const { paths, accounts, introspectsJwt } = subject;
  const account = row.client === 'jwt' && !introspectsJwt ? accounts.opaque : accounts[row.client];
  const tokens: { form: string; answer: string }[] = [];
  const gather = async (): Promise<void> => {
    while (tokens.length < TOKENS_TO_INTROSPECT) {
      const issued = await post(urlOf(address, paths.tokenToIntrospect), account, TOKEN_FORM);
      const { access_token } = JSON.parse(issued.body) as { access_token: string };
      const form = `token=${encodeURIComponent(access_token)}`;
      const { status, body } = await post(urlOf(address, paths.introspection), account, form);
      const wrong = checkActive(status, body, account.clientId);
      if (wrong !== undefined) throw new Error(wrong);
      tokens.push({ form, answer: body });
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, gather));
  return { kind: 'introspection', path: paths.introspection, account, tokens };
}

const urlOf = (address: Address, path: string): string =>
  `http://${address.host}:${address.port}${path}`;

async function post(
  url: string,
  account: ClientAccount,
  form: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: formatBasic(account),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: form,
  });
  return { status: response.status, body: await response.text() };
}

/** Asks for one token; what is wrong, or undefined. */
export async function requestToken(
  subject: Subject,
  address: Address,
  account: ClientAccount,
): Promise<string | undefined> {
  const { status, body } = await post(urlOf(address, subject.paths.token), account, TOKEN_FORM);
  return status === 200 ? undefined : `status ${status}: ${body}`;
}
