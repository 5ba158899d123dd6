import { inflateSync } from 'node:zlib';
import {
  findStatus,
  judgeByAggregation,
  numericDate,
  readAggregation,
  readStatusListToken,
  readStatusReference,
  type StatusListAggregation,
  type StatusReference,
} from '@tessera/protocol';
import { compactVerify, createLocalJWKSet, decodeJwt, type JSONWebKeySet } from 'jose';
import { expect } from 'vitest';
import type { RealmClient } from './realm.ts';

/* How an API reads lists and the aggregation that it fetches. */

const seconds = (): number => Math.floor(Date.now() / 1000);

export function referenceOf(token: string): StatusReference {
  const reference = readStatusReference(decodeJwt(token)['status']);
  if (typeof reference === 'string') throw new Error(`the status of the token is ${reference}`);
  return reference;
}

/** The part of an address of the realm below its issuer. */
export const below = (realm: RealmClient, uri: string): string => {
  expect(uri.startsWith(`${realm.issuer}/`)).toBe(true);
  return uri.slice(realm.issuer.length + 1);
};

export const readList = (realm: RealmClient, uri: string, headers = {}) =>
  realm.read(below(realm, uri), headers);

export async function keysOf(realm: RealmClient) {
  const { json } = await realm.read('connect/jwk_uri');
  return createLocalJWKSet(json as JSONWebKeySet);
}

/** The status of a token as an API sees it that fetches the list which the token names. */
export async function statusInList(
  realm: RealmClient,
  token: string,
  keys = keysOf(realm),
): Promise<number | undefined> {
  const { uri, index } = referenceOf(token);
  const { status, text } = await readList(realm, uri);
  if (status !== 200) throw new Error(`no list: ${status} ${text}`);
  const { payload, protectedHeader } = await compactVerify(text, await keys);
  expect(protectedHeader.typ).toBe('statuslist+jwt');
  const claims = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>;
  const list = readStatusListToken(claims, uri, numericDate(seconds()));
  if (!list.ok) throw new Error(list.refusal.reason);
  return findStatus(inflateSync(list.value.compressed), list.value.bits, index);
}

export async function aggregationOf(realm: RealmClient): Promise<StatusListAggregation> {
  const { json } = await realm.read('status-lists');
  const aggregation = readAggregation(json);
  if (aggregation === undefined) throw new Error('no aggregation');
  return aggregation;
}

export const judge = (aggregation: StatusListAggregation, token: string) => {
  const { iat = 0, jti } = decodeJwt(token);
  return judgeByAggregation(aggregation, referenceOf(token), { issuedAt: iat, jti });
};
