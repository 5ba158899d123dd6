/* A service account of PingOne: made by somebody, and getting its tokens as frodo does. */
import { randomUUID } from 'node:crypto';
import { FORM_TYPE, readToken } from '../realm.ts';
import { newKey, now, signJws } from '../signed.ts';
import type { World } from '../world.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export const newAccountKey = () => newKey('RS256');
type Key = ReturnType<typeof newAccountKey>;

/** As text, as IDM takes it. */
export function jwksOf({ publicJwk }: Key): string {
  const { kid: _, ...jwk } = publicJwk;
  return JSON.stringify({ keys: [jwk] });
}

/** No `kid`, the port twice, and nothing of the body encoded. */
export function askForToken(world: World, id: string, key: Key, scope: string) {
  const aud = `${world.publicUrl}:${world.port}/am/oauth2/access_token`;
  const claims = { iss: id, sub: id, aud, exp: now() + 180, jti: randomUUID() };
  const assertion = signJws({ alg: 'RS256' }, claims, key);
  return world.send({
    method: 'POST',
    path: '/am/oauth2/access_token',
    headers: { 'content-type': FORM_TYPE },
    body: `assertion=${assertion}&client_id=service-account&grant_type=${JWT_BEARER}&scope=${scope}`,
  });
}

export const tokenOf = async (world: World, id: string, key: Key, scope: string) =>
  readToken(await askForToken(world, id, key, scope));
