import { numericDate, ok, type Result, refuse } from '@tessera/protocol';
import { ATTRIBUTES_MAX } from '../../contract/claims.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Input } from '../../contract/routes.ts';
import type { Client } from '../../model/client.ts';
import { type Changed, changeEvents, eventOf, isFresh, merge, save } from '../change.ts';
import {
  type ChangedWithKey,
  ensureSigningKey,
  prepareSigningKey,
  signingKeyCreated,
} from '../signing-keys/ensure-signing-key.ts';
import type { Asked, UseCase } from '../use-case.ts';
import { checkClient } from './check-client.ts';
import { describeClient } from './describe-client.ts';

export const updateClient: UseCase<'updateClient'> = async (
  env,
  asked,
  { params, body, precondition },
) => {
  const realm = asked.realm.name;
  const permitted = checkMembers(asked, body);
  if (!permitted.ok) return permitted;
  const wanted = await prepareSigningKey(env, realm, body.signingAlgorithm);
  const changed = await env.store.commit<ChangedWithKey<Client>, AdminRefusal>(
    ({ before, after, key }) => [
      ...changeEvents(
        asked,
        'client.updated',
        { kind: 'client', id: before.clientId },
        describeClient(before),
        describeClient(after),
      ),
      ...signingKeyCreated(asked, key),
    ],
    async (rows) => {
      const current = await rows.clients.find(realm, params.clientId);
      if (current === undefined) return refuse({ reason: 'client_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      const attributes = mergeAttributes(current, body.attributes);
      if (!attributes.ok) return attributes;
      const next = merge(current, { ...body, attributes: attributes.value });
      // Whoever disabled it had a reason that an owner may not know.
      if (asked.ownedBy !== undefined && next.enabled && !current.enabled) {
        const permission = 'clients:write' as const;
        return refuse({ reason: 'member_not_permitted', members: ['enabled'], permission });
      }
      const checked = checkClient(next);
      if (!checked.ok) return checked;
      if (next.type === 'public' && current.type !== 'public') {
        const secrets = await rows.credentials.ofClient(realm, next.clientId);
        if (secrets.length > 0) return refuse({ reason: 'client_has_credentials' });
      }
      const saved = await save(rows.clients, current, next);
      if (!saved.ok) return saved;
      return ok({ ...saved.value, key: await ensureSigningKey(env, rows, asked, wanted) });
    },
  );
  return changed.ok ? ok(describeClient(changed.value.after)) : changed;
};

/** RFC 7396 §2, one object deeper: attributes are set and removed one by one. */
function mergeAttributes(
  { attributes }: Client,
  patch: ClientPatch['attributes'],
): Result<Client['attributes'], AdminRefusal> {
  if (patch === undefined) return ok(attributes);
  const merged: Record<string, string> = {};
  for (const [name, value] of Object.entries(patch === null ? {} : { ...attributes, ...patch }))
    if (value !== null) merged[name] = value;
  if (Object.keys(merged).length <= ATTRIBUTES_MAX) return ok(merged);
  const detail = `must not be more than ${ATTRIBUTES_MAX}`;
  return refuse({ reason: 'input_malformed', problems: [{ pointer: '/attributes', detail }] });
}

type ClientPatch = Input<'updateClient'>['body'];

/** What an owner may change. The rest decides what a client may do, and is not theirs to give. */
const MEMBERS_OF_OWNERS: ReadonlySet<string> = new Set<keyof ClientPatch>([
  'name',
  'description',
  'enabled',
  'authenticationMethod',
  'strictAuthenticationMethod',
  'redirectUris',
  'defaultScopes',
]);

function checkMembers(asked: Asked, patch: ClientPatch): Result<undefined, AdminRefusal> {
  if (asked.ownedBy === undefined) return ok(undefined);
  const members = Object.keys(patch).filter((member) => !MEMBERS_OF_OWNERS.has(member));
  return members.length === 0
    ? ok(undefined)
    : refuse({ reason: 'member_not_permitted', members, permission: 'clients:write' });
}

/** As for a realm: tokens of this very second are void too, and new ones get the next. */
export const revokeTokensOfClient: UseCase<'revokeTokensOfClient'> = async (
  env,
  asked,
  { params, precondition },
) => {
  const realm = asked.realm.name;
  const tokensValidFrom = numericDate(asked.now + 1);
  const revoked = eventOf(
    asked,
    'tokens.revoked',
    { kind: 'client', id: params.clientId },
    { tokensValidFrom },
  );
  const changed = await env.store.commit<Changed<Client>, AdminRefusal>(revoked, async (rows) => {
    const current = await rows.clients.find(realm, params.clientId);
    if (current === undefined) return refuse({ reason: 'client_unknown' });
    if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
    return save(rows.clients, current, { ...current, tokensValidFrom });
  });
  return changed.ok ? ok(describeClient(changed.value.after)) : changed;
};
