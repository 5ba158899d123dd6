import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from '../../test/world.ts';
import {
  DOCUMENT_CLIENTS_MAX,
  documentClient,
  keepDocumentClient,
} from './keep-document-client.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.createRealm('alpha', { registrationScopes: ['read'] });
});
afterAll(() => world.close());

it('a realm keeps so many clients of documents, and those that it has go on', async () => {
  const { provider, now } = await world.callerOf('alpha');
  const clientOf = (name: string) => documentClient(provider, `https://a.example/${name}`, now);
  await world.change(async (rows) => {
    for (let i = 0; i < DOCUMENT_CLIENTS_MAX; i++) await rows.clients.insert(clientOf(`c${i}`));
  });
  const metadata = {
    name: undefined,
    about: {},
    grantTypes: ['client_credentials'],
    method: 'private_key_jwt',
    assertionAlgorithm: undefined,
    scope: [],
    keys: [],
    jwksUri: undefined,
    certificateSubject: undefined,
    tokenBinding: 'optional',
    redirectUris: [],
  } as const;
  const keep = (name: string) =>
    keepDocumentClient(world.env, { requestId: '', now }, clientOf(name), metadata);
  expect(await keep('one-more')).toEqual({
    ok: false,
    refusal: { reason: 'client_documents_too_many', clientId: 'https://a.example/one-more' },
  });
  expect(await keep('c0')).toMatchObject({ ok: true });
});
