/* PingIDM's users and applications, as its scripts use them. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { onEachDatabase } from '../world.ts';
import { signInToAm } from './am.ts';
import { callIdm, type Idm } from './idm.ts';

const USERS = '/openidm/managed/alpha_user';
const APPLICATIONS = '/openidm/managed/alpha_application';

/** What frodo asks for. */
const FIELDS =
  'authoritative,connectorId,description,icon,mappingNames,name,ssoEntities,templateName,templateVersion,uiConfig,url';

let people = 0;
const newUser = () => {
  people++;
  return {
    userName: `kirk${people}`,
    givenName: 'James',
    sn: 'Kirk',
    mail: `kirk${people}@example.com`,
    password: 'a password of somebody',
    telephoneNumber: '+1 555 0100',
    frIndexedString1: 'captain',
    custom_rank: 7,
  };
};

onEachDatabase((world) => {
  let idm: Idm;
  beforeAll(async () => {
    const { tokenId } = await signInToAm(world);
    idm = callIdm(world, { iPlanetDirectoryPro: tokenId });
  });
  const query = (collection: string, filter: string) =>
    idm('GET', `${collection}?_queryFilter=${encodeURIComponent(filter)}`);
  const create = async (collection: string, body: unknown) => {
    const created = await idm('POST', `${collection}?_action=create`, body);
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    return created;
  };
  const signIn = async (userName: string, password: string) =>
    (await signInToAm(world, userName, password)).entered.status;

  describe('managed/alpha_user', () => {
    it('is created, and told without its password', async () => {
      const user = newUser();
      const { body, headers } = await create(USERS, user);
      const { password, ...told } = user;
      expect(body).toEqual({
        ...told,
        _id: expect.any(String),
        _rev: '1',
        accountStatus: 'active',
      });
      expect(JSON.stringify(body)).not.toContain(password);
      expect(headers.get('location')).toBe(`${USERS}/${body._id}`);
      expect(headers.get('etag')).toBe('"1"');
      expect((await idm('GET', `${USERS}/${body._id}`)).body).toEqual(body);
      const few = await idm('GET', `${USERS}/${body._id}?_fields=userName`);
      expect(few.body).toEqual({ _id: body._id, _rev: '1', userName: user.userName });
    });

    it('is found by a filter', async () => {
      const user = newUser();
      const { body } = await create(USERS, user);
      const found = await query(USERS, `userName eq "${user.userName}"`);
      expect(found.body.result).toEqual([body]);
      expect((await query(USERS, 'frIndexedString1 eq "nobody"')).body.result).toEqual([]);
    });

    it('is a user of the realm, whoever changes it', async () => {
      const user = newUser();
      const { body } = await create(USERS, user);
      const path = `/api/realms/alpha/users/${body._id}`;
      expect(await world.administration.perform('GET', path)).toMatchObject({
        userName: user.userName,
        familyName: 'Kirk',
        email: user.mail,
        enabled: true,
        hasPassword: true,
        passwordOneTime: false,
        roles: [],
      });
      await world.administration.change(path, { familyName: 'Spock', enabled: false });
      const { body: read } = await idm('GET', `${USERS}/${body._id}`);
      expect(read).toMatchObject({ sn: 'Spock', accountStatus: 'inactive', custom_rank: 7 });
      const events = await world.administration.perform<{
        items: { type: string; details: { surface?: string } }[];
      }>('GET', `/api/realms/alpha/events?subjectKind=user&subjectId=${body._id}&limit=20`);
      expect(events.items.map(({ type, details }) => [type, details.surface])).toEqual([
        ['user.updated', undefined],
        ['user.created', 'idm'],
      ]);
    });

    it('is replaced by a PUT: what it leaves out is gone, but for the password', async () => {
      const { _id } = (await create('/openidm/managed/root_user', newUser())).body;
      const { password: _, ...second } = newUser();
      const path = `/openidm/managed/root_user/${_id}`;
      const bare = { ...second, custom_rank: null, frIndexedString1: undefined };
      const put = await idm('PUT', path, bare);
      expect(put.status).toBe(200);
      expect(put.body).not.toHaveProperty('custom_rank');
      expect(put.body).not.toHaveProperty('frIndexedString1');
      expect(put.body).toMatchObject({ userName: second.userName, telephoneNumber: '+1 555 0100' });
      expect(await signIn(second.userName, 'a password of somebody')).toBe(200);
    });

    it('is created by a PUT under the id of the address, and not over another', async () => {
      const id = randomUUID();
      const user = newUser();
      const made = await idm('PUT', `${USERS}/${id}`, user, { 'if-none-match': '*' });
      expect(made).toMatchObject({ status: 201, body: { _id: id, userName: user.userName } });
      const again = await idm('PUT', `${USERS}/${id}`, user, { 'if-none-match': '*' });
      expect(again.status).toBe(412);
      const stale = await idm('PUT', `${USERS}/${id}`, user, { 'if-match': '"7"' });
      expect(stale.status).toBe(412);
      const nobody = await idm('PUT', `${USERS}/${randomUUID()}`, newUser(), { 'if-match': '"1"' });
      expect(nobody.status).toBe(412);
    });

    it('is patched, all operations or none', async () => {
      const { _id } = (await create(USERS, newUser())).body;
      const patch = (...operations: readonly unknown[]) =>
        idm('PATCH', `${USERS}/${_id}`, operations);
      const good = await patch(
        { operation: 'replace', field: '/sn', value: 'Picard' },
        { operation: 'add', field: 'preferences', value: { updates: true } },
        { operation: 'add', field: '/preferences/colour', value: 'red' },
        { operation: 'remove', field: '/telephoneNumber' },
        { operation: 'increment', field: 'custom_rank', value: 2 },
        { operation: 'add', field: '/frIndexedMultivalued1', value: ['a'] },
        { operation: 'add', field: '/frIndexedMultivalued1/-', value: 'b' },
      );
      expect(good.status, JSON.stringify(good.body)).toBe(200);
      expect(good.body).toMatchObject({
        sn: 'Picard',
        preferences: { updates: true, colour: 'red' },
        custom_rank: 9,
        frIndexedMultivalued1: ['a', 'b'],
      });
      expect(good.body).not.toHaveProperty('telephoneNumber');
      const renamed = { operation: 'replace', field: '/sn', value: 'Nobody' };
      for (const [wrong, status] of [
        [{ operation: 'remove', field: '/userName' }, 403],
        [{ operation: 'replace', field: '/preferences', value: 'red' }, 403],
        [{ operation: 'replace', field: '/password', value: 'short' }, 400],
        [{ operation: 'transform', field: '/sn', value: 'x' }, 400],
        [{ operation: 'replace', field: '/_id', value: 'x' }, 400],
        [{ operation: 'add', field: '/__proto__/polluted', value: true }, 400],
        [{ operation: 'add', field: '/sn/deeper', value: true }, 400],
        [{ operation: 'increment', field: '/sn', value: 1 }, 400],
        ['replace', 400],
      ] as const)
        expect((await patch(renamed, wrong)).status, JSON.stringify(wrong)).toBe(status);
      expect((await idm('GET', `${USERS}/${_id}`)).body).toEqual(good.body);
    });

    it('gets a new password together with a new profile, or neither', async () => {
      const user = newUser();
      const path = '/openidm/managed/root_user';
      const { _id } = (await create(path, user)).body;
      const guessable = [
        { operation: 'replace', field: '/sn', value: 'Nobody' },
        { operation: 'replace', field: '/password', value: `${user.userName}-${user.userName}-1` },
      ];
      expect((await idm('PATCH', `${path}/${_id}`, guessable)).status).toBe(400);
      expect((await idm('GET', `${path}/${_id}`)).body).toMatchObject({ sn: 'Kirk', _rev: '1' });
      const better = [{ operation: 'replace', field: '/password', value: 'a better one of these' }];
      expect((await idm('PATCH', `${path}/${_id}`, better)).status).toBe(200);
      expect(await signIn(user.userName, 'a better one of these')).toBe(200);
      expect(await signIn(user.userName, 'a password of somebody')).toBe(401);
    });

    it('fails the policy where something is missing or of another type, and is told all of it', async () => {
      const { sn: _, ...user } = newUser();
      const { status, body } = await idm('POST', `${USERS}?_action=create`, {
        ...user,
        mail: 7,
        preferences: [],
      });
      expect(status).toBe(403);
      expect(body).toEqual({
        code: 403,
        reason: 'Forbidden',
        message: 'Failed policy validation',
        detail: {
          result: false,
          failedPolicyRequirements: [
            { policyRequirements: [{ policyRequirement: 'REQUIRED' }], property: 'sn' },
            {
              policyRequirements: [
                {
                  params: { invalidType: 'number', validTypes: ['string'] },
                  policyRequirement: 'VALID_TYPE',
                },
              ],
              property: 'mail',
            },
            {
              policyRequirements: [
                {
                  params: { invalidType: 'array', validTypes: ['object'] },
                  policyRequirement: 'VALID_TYPE',
                },
              ],
              property: 'preferences',
            },
          ],
        },
      });
      expect((await query(USERS, `userName eq "${user.userName}"`)).body.result).toEqual([]);
    });

    it.each([
      '[]',
      '"text"',
      '{',
      '{"userName":"a b","givenName":"x","sn":"y","mail":"z@example.com"}',
      '{"userName":"ab","givenName":"x","sn":"y","mail":"no address"}',
      `{"userName":"ab","givenName":"x","sn":"y","mail":"z@example.com","big":"${'x'.repeat(40_000)}"}`,
    ])('refuses what is no user: %.60s', async (text) => {
      const before = (await query(USERS, 'true')).body.result.length;
      const answer = await idm('POST', `${USERS}?_action=create`, text);
      expect(answer.status, JSON.stringify(answer.body)).toBe(400);
      expect((await query(USERS, 'true')).body.result).toHaveLength(before);
    });

    it('names the property whose value is none', async () => {
      const answer = await idm('POST', `${USERS}?_action=create`, {
        ...newUser(),
        mail: 'no address',
      });
      expect(answer).toMatchObject({ status: 400, body: { detail: { attribute: 'mail' } } });
      expect(answer.body.message).toMatch(/^mail must be /);
    });

    it('is deleted, and is of its realm alone', async () => {
      const { body } = await create(USERS, newUser());
      expect((await idm('GET', `/openidm/managed/root_user/${body._id}`)).status).toBe(404);
      const elsewhere = await idm('GET', '/openidm/managed/nowhere_user?_queryFilter=true');
      expect(elsewhere.status).toBe(404);
      const gone = await idm('DELETE', `${USERS}/${body._id}`);
      expect(gone).toMatchObject({ status: 200, body: { _id: body._id } });
      expect((await idm('GET', `${USERS}/${body._id}`)).body).toEqual({
        code: 404,
        reason: 'Not Found',
        message: 'Not Found',
      });
    });

    it('is shown to nobody who is not signed in', async () => {
      const stranger = callIdm(world, {});
      expect((await stranger('GET', `${USERS}?_queryFilter=true`)).status).toBe(401);
      expect((await stranger('POST', `${USERS}?_action=create`, newUser())).status).toBe(401);
    });
  });

  describe('managed/alpha_application', () => {
    let owner = '';
    const ownerRef = () => ({ _ref: `managed/alpha_user/${owner}` });
    beforeAll(async () => {
      owner = (await create(USERS, newUser())).body._id;
    });
    const newClient = async () => {
      const clientId = `app-${randomUUID()}`;
      await world.administration.perform('PUT', `/api/realms/alpha/clients/${clientId}`, {});
      return clientId;
    };
    const bodyOf = (clientId: string, more: object = {}) => ({
      name: clientId,
      description: '',
      owners: [ownerRef()],
      ssoEntities: { oidcId: clientId },
      templateName: 'web',
      templateVersion: '1.0',
      ...more,
    });

    it('is created for a client that is there, with Location and ETag', async () => {
      const clientId = await newClient();
      const body = bodyOf(clientId, { icon: 'data:,x', uiConfig: { a: [1] } });
      const created = await create(APPLICATIONS, body);
      const { _id } = created.body;
      expect(created.headers.get('location')).toBe(`${APPLICATIONS}/${_id}`);
      expect(created.headers.get('etag')).toBe('"1"');
      expect(created.body).toEqual({
        ...body,
        _id,
        _rev: '1',
        owners: [expect.objectContaining(ownerRef())],
      });
      const path = `/api/realms/alpha/applications/${_id}`;
      expect(await world.administration.perform('GET', path)).toMatchObject({
        name: clientId,
        clientId,
        owners: [owner],
        template: 'web',
        logoUri: null,
      });
    });

    it('is asked for by name, with the fields that frodo wants', async () => {
      const clientId = await newClient();
      const { body } = await create(APPLICATIONS, bodyOf(clientId, { url: 'https://a.example' }));
      const filter = encodeURIComponent(`name eq '${clientId}'`);
      const { body: found } = await idm(
        'GET',
        `${APPLICATIONS}?_queryFilter=${filter}&_pageSize=1000&_fields=${FIELDS}`,
      );
      const { owners: _, ...rest } = body;
      expect(found.result).toEqual([rest]);
    });

    it('keeps its owners when a PUT says nothing of them, and its client always', async () => {
      const clientId = await newClient();
      const { body } = await create(APPLICATIONS, bodyOf(clientId));
      const path = `${APPLICATIONS}/${body._id}`;
      const { owners: _, ...without } = bodyOf(clientId, { description: 'changed' });
      expect((await idm('PUT', path, without)).body).toMatchObject({
        description: 'changed',
        owners: [ownerRef()],
      });
      const other = await newClient();
      expect((await idm('PUT', path, bodyOf(other))).status).toBe(400);
      const none = await idm('PATCH', path, [{ operation: 'remove', field: '/owners' }]);
      expect(none.body.owners).toEqual([]);
      const add = [{ operation: 'add', field: '/owners/-', value: ownerRef() }];
      expect((await idm('PATCH', path, add)).body.owners).toMatchObject([ownerRef()]);
    });

    it('is put back under the id that it had', async () => {
      const clientId = await newClient();
      const { body } = await create(APPLICATIONS, bodyOf(clientId));
      const path = `${APPLICATIONS}/${body._id}`;
      expect((await idm('DELETE', path)).body).toEqual(body);
      expect((await idm('PUT', path, body)).status).toBe(201);
      expect((await idm('GET', path)).body).toEqual(body);
    });

    it.each([
      ['no name', { name: undefined }, 403],
      ['no client', { ssoEntities: {} }, 403],
      ['a client that is none', { ssoEntities: { oidcId: 7 } }, 403],
      ['a client that is not there', { ssoEntities: { oidcId: 'nobody' } }, 400],
      ['owners that are no list', { owners: {} }, 403],
      ['an owner that is no reference', { owners: ['x'] }, 403],
      ['an owner of another realm', { owners: [{ _ref: 'managed/root_user/x' }] }, 400],
      ['an owner that is not there', { owners: [{ _ref: 'managed/alpha_user/x' }] }, 400],
      ['mappingNames of another type', { mappingNames: 'x' }, 403],
    ])('is not created with %s', async (_, wrong, status) => {
      const clientId = await newClient();
      const answer = await idm('POST', `${APPLICATIONS}?_action=create`, bodyOf(clientId, wrong));
      expect(answer.status, JSON.stringify(answer.body)).toBe(status);
      const { body } = await query(APPLICATIONS, `ssoEntities/oidcId eq "${clientId}"`);
      expect(body.result).toEqual([]);
    });
  });
});
