import type { SigningAlgorithm } from '@tessera/protocol';
import type { Environment, Rows } from '../../environment.ts';
import type { NewEvent } from '../../model/event.ts';
import type { SigningKey } from '../../model/signing-key.ts';
import { type Changed, eventOf } from '../change.ts';
import type { Asked } from '../use-case.ts';
import { type FreshKey, newSigningKey } from './new-signing-key.ts';

/**
 * A setting may name an algorithm that the realm has no key for. The key is made in the commit of
 * the setting, so that no token is ever asked for that nobody can sign.
 */
export type KeyToEnsure = {
  readonly algorithm: SigningAlgorithm;
  /** Made before the transaction began; undefined when a key seemed to be there. */
  readonly fresh: FreshKey | undefined;
};

/** An object that was changed, and the key that had to be made for it. */
export type ChangedWithKey<T> = Changed<T> & { readonly key: SigningKey | undefined };

/** Makes a key ready when the realm seems to have none that signs with the algorithm. */
export async function prepareSigningKey(
  env: Pick<Environment, 'store' | 'keyRing'>,
  realm: string,
  algorithm: SigningAlgorithm | null | undefined,
): Promise<KeyToEnsure | undefined> {
  if (algorithm === undefined || algorithm === null) return undefined;
  const keys = await env.store.signingKeys.all(realm);
  const fresh = hasSigningKey(keys, algorithm) ? undefined : await env.keyRing.generate(algorithm);
  return { algorithm, fresh };
}

/** Inside the commit: adds the key, which signs at once, unless there is one. */
export async function ensureSigningKey(
  env: Pick<Environment, 'keyRing'>,
  rows: Rows,
  asked: Asked,
  wanted: KeyToEnsure | undefined,
): Promise<SigningKey | undefined> {
  if (wanted === undefined) return undefined;
  const { algorithm } = wanted;
  const realm = asked.realm.name;
  if (hasSigningKey(await rows.signingKeys.all(realm), algorithm)) return undefined;
  // The key that seemed to be there was revoked meanwhile: rare enough to wait for.
  const fresh = wanted.fresh ?? (await env.keyRing.generate(algorithm));
  const key = newSigningKey(realm, fresh, asked.now);
  await rows.signingKeys.insert(key);
  return key;
}

export const signingKeyCreated = (asked: Asked, key: SigningKey | undefined): NewEvent[] =>
  key === undefined
    ? []
    : [
        eventOf(
          asked,
          'signing-key.created',
          { kind: 'signing-key', id: key.kid },
          { algorithm: key.algorithm, state: key.state, signsFrom: key.signsFrom },
        ),
      ];

const hasSigningKey = (keys: readonly SigningKey[], algorithm: SigningAlgorithm): boolean =>
  keys.some((key) => key.algorithm === algorithm && key.state === 'signing');
