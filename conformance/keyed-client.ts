/*
 * Clients that prove themselves with keys of their own: how they are registered, and what they
 * send. RFC 7523 §2.2
 */
import { type ClientCredentials, type RealmClient, refusal } from './realm.ts';
import { assertionClaims, type ClientKey, carrying, newKey, signJws } from './signed.ts';
import type { Answer } from './wire.ts';
import type { World } from './world.ts';

/** What is different from a good assertion. */
export type Made = {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly realm?: RealmClient;
};

/** What a client learns that is not believed. */
export const REFUSED = refusal(400, 'invalid_client');

export function keyedClients(world: World) {
  const { alpha } = world;

  const addKey = (
    { clientId }: ClientCredentials,
    body: Readonly<Record<string, unknown>>,
    { name }: RealmClient = alpha,
  ) => world.administration.perform('POST', `/api/realms/${name}/clients/${clientId}/keys`, body);

  /** A client with this key and no secret. */
  async function keyed(
    key: ClientKey,
    realm: RealmClient = alpha,
    members: Readonly<Record<string, unknown>> = {},
  ): Promise<ClientCredentials> {
    const client = await realm.registerClient({
      authenticationMethod: 'private_key_jwt',
      ...members,
    });
    await addKey(client, { jwk: key.publicJwk }, realm);
    return client;
  }

  const assertionOf = (
    { clientId }: ClientCredentials,
    key: ClientKey,
    { claims, header, realm = alpha }: Made = {},
  ): string =>
    signJws(
      { alg: key.algorithm, kid: key.kid, ...header },
      { ...assertionClaims(clientId, realm.issuer), ...claims },
      key,
    );

  /** The answer to a token request with this assertion. */
  const ask = (assertion: string, form: object = {}, realm: RealmClient = alpha): Promise<Answer> =>
    realm.post('access_token', {
      grant_type: 'client_credentials',
      scope: 'read',
      ...carrying(assertion),
      ...form,
    });

  /** The same of a client that is new. */
  const asks = async (made: Made = {}, members = {}): Promise<Answer> => {
    const key = newKey();
    const client = await keyed(key, made.realm, members);
    return ask(assertionOf(client, key, made), {}, made.realm);
  };

  return { addKey, keyed, assertionOf, ask, asks };
}
