/* What AM and IDM have and this server has not: asked for all of it, there is none. */
import { beforeAll, describe, expect, it } from 'vitest';
import { onEachDatabase } from '../world.ts';
import { type Am, callAm, signInToAm } from './am.ts';
import { callIdm } from './idm.ts';

const REALM = '/realms/root/realms/alpha';
const SIGN_IN = `${REALM}/realm-config/authentication`;
const THEMES = '/openidm/config/ui/themerealm';

const KINDS = [
  'policies',
  'scripts',
  'realm-config/agents/WebAgent',
  'realm-config/authentication/authenticationtrees/trees',
  'realm-config/saml2',
  'realm-config/webhooks',
];

onEachDatabase((world) => {
  let am: Am;
  beforeAll(async () => {
    am = await signInToAm(world);
  });

  describe.each(KINDS)('%s', (kind) => {
    it('is empty, and takes nothing', async () => {
      const path = `${REALM}/${kind}`;
      const all = await am.call('GET', `${path}?_queryFilter=true`);
      expect(all).toMatchObject({ status: 200, body: { result: [], resultCount: 0 } });
      const next = await am.call('POST', `${path}?_action=nextdescendents`, {});
      expect(next.body).toEqual({ result: [] });
      expect((await am.call('PUT', `${path}/one`, {})).status).toBe(404);
      expect((await am.call('POST', `${path}?_action=create`, { _id: 'one' })).status).toBe(400);
    });

    it('is nothing in a realm that is not there, and to nobody', async () => {
      const query = `${kind}?_queryFilter=true`;
      expect((await am.call('GET', `/realms/root/realms/nowhere/${query}`)).status).toBe(404);
      expect((await callAm(world, 'GET', `${REALM}/${query}`)).status).toBe(401);
    });
  });

  it('nothing can be set of how people sign in', async () => {
    const settings = await am.call('GET', SIGN_IN);
    expect(settings.body).toMatchObject({ _type: { name: 'Core', collection: false } });
    expect((await am.call('PUT', SIGN_IN, settings.body)).body).toEqual(settings.body);
    const more = await am.call('PUT', SIGN_IN, { general: { locale: 'en' } });
    expect(more).toMatchObject({ status: 400, body: { detail: { validAttributes: [] } } });
  });

  it('there are no themes, and none are taken', async () => {
    const idm = callIdm(world, { iPlanetDirectoryPro: am.tokenId });
    const themes = await idm('GET', THEMES);
    expect(themes.body).toEqual({ _id: 'ui/themerealm', _rev: '0', realm: {} });
    expect((await idm('PUT', THEMES, { realm: { alpha: [] } })).status).toBe(200);
    for (const body of [{}, { realm: [] }, { realm: { alpha: [{ name: 'Dark' }] } }])
      expect((await idm('PUT', THEMES, body)).status).toBe(400);
    expect((await callIdm(world, {})('GET', THEMES)).status).toBe(401);
  });
});
