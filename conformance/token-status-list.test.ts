import { setTimeout as pause } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';
import { findStatus } from '@tessera/protocol';
import { compactVerify, decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ClientCredentials, type RealmClient, readToken, refusal } from './realm.ts';
import {
  aggregationOf,
  below,
  judge,
  keysOf,
  readList,
  referenceOf,
  statusInList,
} from './status-lists.ts';
import { onEachDatabase } from './world.ts';

/* draft-ietf-oauth-status-list-20: the lists, and what is void in them. */

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const LIST_TYPE = 'application/statuslist+jwt';

onEachDatabase((world) => {
  const { alpha } = world;
  let asker: ClientCredentials;

  beforeAll(async () => {
    await alpha.changeProvider({ grantTypes: ['client_credentials', TOKEN_EXCHANGE] });
    asker = await alpha.registerClient({ scopes: ['am-introspect-all-tokens'] });
  });

  /** What everybody says who can be asked: the list, the aggregation, and introspection. */
  async function agree(realm: RealmClient, as: ClientCredentials, token: string) {
    const inList = (await statusInList(realm, token)) === 1;
    const { status } = judge(await aggregationOf(realm), token);
    const inAggregation = status === 'in_list' ? inList : status === 'revoked';
    const { json } = await realm.introspect(token, as);
    const introspected = !(json as { active: boolean }).active;
    expect({ inList, inAggregation }).toEqual({
      inList: introspected,
      inAggregation: introspected,
    });
    return introspected ? 'void' : 'valid';
  }
  const standing = (token: string) => agree(alpha, asker, token);

  const issue = async (members = {}) => {
    const client = await alpha.registerClient(members);
    return { client, token: await alpha.token(client, { scope: 'read' }) };
  };

  describe('§8.1, §8.2 a list', () => {
    it('is a signed JWT for everybody, with all that §5.1 asks for', async () => {
      const { token } = await issue();
      const { uri } = referenceOf(token);
      const { status, headers, text } = await readList(alpha, uri);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': LIST_TYPE,
        'access-control-allow-origin': '*',
        'cache-control': 'public, max-age=60',
      });
      const { payload, protectedHeader } = await compactVerify(text, await keysOf(alpha));
      expect(protectedHeader).toMatchObject({ typ: 'statuslist+jwt', alg: 'ES256' });
      const claims = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>;
      expect(claims).toEqual({
        iss: alpha.issuer,
        sub: uri,
        iat: expect.any(Number),
        exp: Number(claims['iat']) + 3600,
        ttl: 60,
        version: expect.any(Number),
        status_list: {
          bits: 1,
          lst: expect.any(String),
          aggregation_uri: `${alpha.issuer}/status-lists`,
        },
      });
      const lst = (claims['status_list'] as { lst: string }).lst;
      expect(inflateSync(Buffer.from(lst, 'base64url')).length).toBe(8_192);
    });

    it('is revalidated by its entity tag', async () => {
      const { client, token } = await issue();
      const { uri } = referenceOf(token);
      const { etag = '' } = (await readList(alpha, uri)).headers;
      const again = await readList(alpha, uri, { 'if-none-match': etag });
      expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' });
      await alpha.revoke(token, client);
      expect((await readList(alpha, uri, { 'if-none-match': etag })).status).toBe(200);
    });

    it('says nothing of when its client was made, or how many tokens it has', async () => {
      const { token } = await issue();
      const { text } = await readList(alpha, referenceOf(token).uri);
      const { status_list } = decodeJwt(text) as { status_list: { lst: string } };
      const list = inflateSync(Buffer.from(status_list.lst, 'base64url'));
      expect(list.every((byte) => byte === 0)).toBe(true);
      expect(text.length).toBeLessThan(1_000);
    });

    it('§8.3 has no status beyond its end', async () => {
      const { token } = await issue();
      const { text } = await readList(alpha, referenceOf(token).uri);
      const { status_list } = decodeJwt(text) as { status_list: { lst: string } };
      const list = inflateSync(Buffer.from(status_list.lst, 'base64url'));
      expect(findStatus(list, 1, 65_535)).toBe(0);
      expect(findStatus(list, 1, 65_536)).toBeUndefined();
    });

    it('§8.4 tells nothing of the past', async () => {
      const { token } = await issue();
      const { uri } = referenceOf(token);
      const answer = await alpha.read(`${below(alpha, uri)}?time=1686925000`);
      expect(answer).toMatchObject(refusal(501, 'not_implemented'));
    });

    it('cannot be made up, put together, or asked for in another way', async () => {
      const bravo = await world.createRealm(`b-${world.database.toLowerCase()}`);
      const [one, two] = [await issue(), await issue()].map(({ token }) =>
        below(alpha, referenceOf(token).uri).split('/').slice(1),
      );
      const [holder = '', series = ''] = one ?? [];
      const [otherHolder = '', otherSeries = ''] = two ?? [];
      const forged = [
        `${holder}/${otherSeries}`,
        `${otherHolder}/${series}`,
        `${holder}.${otherHolder}/${series}`,
        `${holder}/${series}x`,
        `${holder}/${series.slice(0, -1)}`,
        `${holder}/${series.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))}`,
        `${holder}/${series}/`,
        `${holder}/${series.replace(/^./, (first) => `%${first.charCodeAt(0).toString(16)}`)}`,
        `${holder}/`,
        holder,
        'a/b',
        `${'a'.repeat(3_000)}/${'b'.repeat(3_000)}`,
        'client-1/1',
      ];
      for (const name of forged)
        expect(await alpha.read(`status-lists/${name}`)).toMatchObject(refusal(404, 'not_found'));
      expect(await bravo.read(`status-lists/${holder}/${series}`)).toMatchObject(
        refusal(404, 'not_found'),
      );
      const posted = await alpha.post(`status-lists/${holder}/${series}`, {});
      expect(posted).toMatchObject(refusal(405, 'method_not_allowed'));
      expect((await alpha.read(`status-lists/${holder}/${series}`)).status).toBe(200);
    });
  });

  describe('§13.2 places', () => {
    it('no two tokens have the same, and nothing of them follows from another (checklist 215)', async () => {
      const client = await alpha.registerClient();
      const tokens: string[] = [];
      for (let batch = 0; batch < 10; batch++)
        tokens.push(
          ...(await Promise.all(
            Array.from({ length: 20 }, () => alpha.token(client, { scope: 'read' })),
          )),
        );
      const references = tokens.map(referenceOf);
      expect(new Set(references.map(({ uri, index }) => `${uri} ${index}`)).size).toBe(200);
      // Tokens of a few seconds, spread over the whole list: at random 8 quarters of 8 have some.
      const eighths = new Set(references.map(({ index }) => Math.floor(index / 8_192)));
      expect(eighths.size).toBe(8);
      const rising = references.filter(
        ({ index }, at) => at > 0 && index > (references[at - 1]?.index ?? 0),
      );
      expect(rising.length).toBeGreaterThan(60);
      expect(rising.length).toBeLessThan(140);
    });

    it('an opaque token has none', async () => {
      const { token } = await issue({ tokenFormat: 'opaque' });
      expect(token.startsWith('tsa_')).toBe(true);
    });

    it('a realm with the profile `pingone`, or that switched them off, has none', async () => {
      const realm = await world.createRealm(`off-${world.database.toLowerCase()}`);
      const client = await realm.registerClient();
      const before = await realm.token(client, { scope: 'read' });
      for (const off of [{ securityProfile: 'pingone' }, { statusLists: false }]) {
        await realm.changeProvider({ securityProfile: 'standard', statusLists: true, ...off });
        expect(decodeJwt(await realm.token(client, { scope: 'read' }))).not.toHaveProperty(
          'status',
        );
        const { json } = await realm.read('.well-known/oauth-authorization-server');
        expect(json).not.toHaveProperty('status_list_aggregation_endpoint');
      }
      // Tokens from before go on to be looked up.
      expect(await statusInList(realm, before)).toBe(0);
    });
  });

  describe('what is void', () => {
    it('one token that its client revokes, and no other', async () => {
      const { client, token } = await issue();
      const other = await alpha.token(client, { scope: 'read' });
      expect(await standing(token)).toBe('valid');
      await alpha.revoke(token, client);
      expect([await standing(token), await standing(other)]).toEqual(['void', 'valid']);
      const { status } = judge(await aggregationOf(alpha), token);
      expect(status).toBe('in_list');
    });

    it('one token that an administrator revokes, even by its jti alone', async () => {
      const { client, token } = await issue();
      const other = await alpha.token(client, { scope: 'read' });
      const revoke = (body: object) =>
        world.administration.perform('POST', '/api/realms/alpha/tokens/revoke', body);
      await revoke({ jti: decodeJwt(token).jti });
      // Nobody knows its place; whoever follows the aggregation knows all the same.
      expect(await statusInList(alpha, token)).toBe(0);
      expect(judge(await aggregationOf(alpha), token).status).toBe('revoked');
      expect(judge(await aggregationOf(alpha), other).status).toBe('valid');
      await revoke({ token });
      expect(await standing(token)).toBe('void');
      expect(await standing(other)).toBe('valid');
    });

    it('everything that was issued to a client before an instant', async () => {
      const { client, token } = await issue();
      const bystander = await issue();
      await world.administration.perform(
        'POST',
        `/api/realms/alpha/clients/${client.clientId}/revoke-tokens`,
      );
      expect(await standing(token)).toBe('void');
      expect(await standing(bystander.token)).toBe('valid');
      const after = await alpha.token(client, { scope: 'read' });
      expect(await standing(after)).toBe('valid');
    });

    it('everything of a client while it is disabled', async () => {
      const { client, token } = await issue();
      const bystander = await issue();
      await alpha.changeClient(client, { enabled: false });
      expect([await standing(token), await standing(bystander.token)]).toEqual(['void', 'valid']);
      await alpha.changeClient(client, { enabled: true });
      expect(await standing(token)).toBe('valid');
    });

    it('everything of a client that was deleted, also when there is another of its id', async () => {
      const { client, token } = await issue();
      await alpha.deleteClient(client);
      expect(await standing(token)).toBe('void');
      // At once: a token of the very second in which the id is taken anew is void, too.
      const again = await alpha.registerClient({ clientId: client.clientId });
      const fresh = await alpha.token(again, { scope: 'read' });
      expect([await standing(token), await standing(fresh)]).toEqual(['void', 'valid']);
    });

    it('all the same after a restart, when new tokens go into new lists', async () => {
      const revoked = await issue();
      const other = await alpha.token(revoked.client, { scope: 'read' });
      await alpha.revoke(revoked.token, revoked.client);
      const before = await issue();
      const disabled = await issue();
      const deleted = await issue();
      await world.administration.perform(
        'POST',
        `/api/realms/alpha/clients/${before.client.clientId}/revoke-tokens`,
      );
      const after = await alpha.token(before.client, { scope: 'read' });
      await alpha.changeClient(disabled.client, { enabled: false });
      await alpha.deleteClient(deleted.client);
      await world.restart();
      for (const { token } of [revoked, before, disabled, deleted])
        expect(await standing(token)).toBe('void');
      for (const token of [other, after]) expect(await standing(token)).toBe('valid');
      const later = await alpha.token(revoked.client, { scope: 'read' });
      expect(referenceOf(later).uri).not.toBe(referenceOf(other).uri);
      expect(await standing(later)).toBe('valid');
    }, 60_000);

    it('after an exchange, everything of those who act and of whom it is about', async () => {
      const both = { grantTypes: ['client_credentials', TOKEN_EXCHANGE], scopes: [] };
      const [subject, actor] = [await alpha.registerClient(both), await alpha.registerClient(both)];
      const api = (identifier: string, introspects: ClientCredentials) =>
        alpha.registerApi({
          identifier,
          scopes: [{ name: 'read' }],
          introspectionClients: [introspects.clientId],
        });
      const first = `https://first-${world.database.toLowerCase()}.example/`;
      const second = `https://second-${world.database.toLowerCase()}.example/`;
      await alpha.grant(subject, await api(first, actor), ['read']);
      await alpha.grant(actor, await api(second, asker), ['read']);
      const exchanged = async () => {
        const answer = await alpha.post(
          'access_token',
          {
            grant_type: TOKEN_EXCHANGE,
            subject_token: await alpha.token(subject, { scope: 'read', resource: first }),
            subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
            audience: second,
          },
          { as: actor },
        );
        return readToken(answer).access_token;
      };
      const token = await exchanged();
      expect(decodeJwt(token)).toMatchObject({ sub: subject.clientId, client_id: actor.clientId });
      expect(await standing(token)).toBe('valid');
      for (const party of [subject, actor]) {
        await alpha.changeClient(party, { enabled: false });
        expect(await standing(token)).toBe('void');
        await alpha.changeClient(party, { enabled: true });
        expect(await standing(token)).toBe('valid');
      }
      await alpha.revoke(token, actor);
      expect(await standing(token)).toBe('void');
    });

    it('everything of a realm: before an instant, while it is disabled, once it is gone', async () => {
      const realm = await world.createRealm(`r-${world.database.toLowerCase()}`);
      const path = `/api/realms/${realm.name}`;
      const client = await realm.registerClient({ scopes: ['read', 'am-introspect-all-tokens'] });
      const token = await realm.token(client, { scope: 'read' });
      expect(await agree(realm, client, token)).toBe('valid');
      await world.administration.perform('POST', `${path}/revoke-tokens`);
      expect(await agree(realm, client, token)).toBe('void');
      const after = await realm.token(client, { scope: 'read' });
      expect(await agree(realm, client, after)).toBe('valid');

      // Its keys are not published meanwhile: an API has them already.
      const keys = await keysOf(realm);
      await world.administration.change(path, { enabled: false });
      expect(await statusInList(realm, after, Promise.resolve(keys))).toBe(1);
      expect(judge(await aggregationOf(realm), after).status).toBe('revoked');
      await world.administration.change(path, { enabled: true });
      expect(await agree(realm, client, after)).toBe('valid');

      const { headers } = await world.administration.call('GET', path);
      const gone = await world.administration.call(
        'DELETE',
        `${path}?confirm=${realm.name}`,
        undefined,
        {
          'if-match': headers.etag ?? '',
        },
      );
      expect(gone.status).toBe(204);
      expect((await readList(realm, referenceOf(after).uri)).status).toBe(404);
      expect((await realm.read('status-lists')).status).toBe(404);

      // Whoever still has its keys learns from a later realm of its name that its tokens are void.
      await pause(2_000);
      await world.createRealm(realm.name);
      expect(judge(await aggregationOf(realm), after).status).toBe('revoked');
    });
  });
});
