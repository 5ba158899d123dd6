import { errorOf, ok, type Refusal, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer, Input } from '../../contract/routes.ts';
import type { UsageOwner } from '../../model/usage.ts';
import { readSpan } from '../usage/read-span.ts';
import type { AdminEnvironment, Asked, UseCase } from '../use-case.ts';
import { REFUSAL_WORDS } from './refusal-words.ts';

type Refusals = Answer<'listRefusals'>;

export const listRefusals: UseCase<'listRefusals'> = (env, asked, { query }) =>
  describe(env, asked, { realm: asked.realm.name, clientId: undefined }, query);

export const listRefusalsOfClient: UseCase<'listRefusalsOfClient'> = async (
  env,
  asked,
  { params: { clientId }, query },
) => {
  const realm = asked.realm.name;
  if ((await env.store.clients.find(realm, clientId)) === undefined)
    return refuse({ reason: 'client_unknown' });
  return describe(env, asked, { realm, clientId }, query);
};

async function describe(
  env: AdminEnvironment,
  asked: Asked,
  owner: UsageOwner,
  query: Input<'listRefusals'>['query'],
): Promise<Result<Refusals, AdminRefusal>> {
  const span = readSpan(asked, 'hour', query);
  if (!span.ok) return span;
  const { since, until } = span.value;
  const reasons = await env.store.refusals.list(owner, since, until);
  // A node of another version may have counted a reason that this one does not know.
  const items = reasons.filter(({ reason }) => isKnown(reason)).map(describeReason);
  return ok({
    realm: owner.realm,
    clientId: owner.clientId ?? null,
    since,
    until,
    total: items.reduce((sum, { refused }) => sum + refused, 0),
    items,
  });
}

type Counted = Awaited<ReturnType<AdminEnvironment['store']['refusals']['list']>>[number];

const isKnown = (reason: string): reason is Refusal['reason'] =>
  Object.hasOwn(REFUSAL_WORDS, reason);

function describeReason({ reason, clients, ...counted }: Counted): Refusals['items'][number] {
  const known = reason as Refusal['reason'];
  const [cause, remedy] = REFUSAL_WORDS[known];
  return {
    reason,
    error: errorOf(known),
    cause,
    remedy,
    ...counted,
    clients: clients.map(({ clientId, details, ...of }) => ({
      clientId: clientId ?? null,
      ...of,
      details: withoutNames(details),
    })),
  };
}

/** What both are told by beside them. */
function withoutNames({
  reason: _reason,
  clientId: _clientId,
  ...details
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return details;
}
