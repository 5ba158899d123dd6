import { later, type NumericDate, ok, type Result, type SigningAlgorithm } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Environment, Rows } from '../../environment.ts';
import type { NewEvent } from '../../model/event.ts';
import { ACCESS_TOKEN_LIFETIME_MAX } from '../../model/provider.ts';
import { PUBLISH_AHEAD, type SigningKey } from '../../model/signing-key.ts';
import { eventOf, save } from '../change.ts';
import type { Asked } from '../use-case.ts';
import { signingKeyCreated } from './ensure-signing-key.ts';
import { type FreshKey, newSigningKey } from './new-signing-key.ts';

/*
 * What administrators do to keys by hand. What time does to them is in keys/; both leave one key
 * of an algorithm that signs.
 */

type Events = Result<readonly NewEvent[], AdminRefusal>;

/**
 * Lets the next key of an algorithm sign as soon as it may: at once when `immediately`, otherwise
 * once every cache of the key set can have it. Whatever signs until then is retired then.
 */
export async function takeOver(
  env: Pick<Environment, 'keyRing'>,
  rows: Rows,
  asked: Asked,
  algorithm: SigningAlgorithm,
  fresh: FreshKey | undefined,
  immediately: boolean,
): Promise<Events> {
  const { now } = asked;
  const realm = asked.realm.name;
  const keys = (await rows.signingKeys.all(realm)).filter((key) => key.algorithm === algorithm);
  const signing = keys.filter((key) => key.state === 'signing');
  const [published] = keys
    .filter((key) => key.state === 'published')
    .sort((a, b) => a.signsFrom - b.signsFrom);

  const createdAt = published?.createdAt ?? now;
  const safe = later(createdAt, PUBLISH_AHEAD);
  const signsFrom = immediately || signing.length === 0 || safe <= now ? now : safe;

  const events: NewEvent[] = [];
  if (published === undefined) {
    const made = fresh ?? (await env.keyRing.generate(algorithm));
    const key = newSigningKey(realm, made, now, signsFrom);
    await rows.signingKeys.insert(key);
    events.push(...signingKeyCreated(asked, key));
  } else if (signsFrom < published.signsFrom || signsFrom === now) {
    const state = signsFrom === now ? 'signing' : 'published';
    const saved = await save(rows.signingKeys, published, { ...published, state, signsFrom });
    if (!saved.ok) return saved;
    events.push(keyEvent(asked, 'signing-key.activated', published.kid, { signsFrom }));
  }
  if (signsFrom > now) return ok(events);
  for (const key of signing) {
    const retired = await retire(rows, asked, key);
    if (!retired.ok) return retired;
    events.push(...retired.value);
  }
  return ok(events);
}

/** It signs no more, and stays published until its last token has expired. */
export async function retire(rows: Rows, asked: Asked, key: SigningKey): Promise<Events> {
  if (key.state === 'retired') return ok([]);
  const publishedUntil: NumericDate = later(asked.now, ACCESS_TOKEN_LIFETIME_MAX);
  const saved = await save(rows.signingKeys, key, { ...key, state: 'retired', publishedUntil });
  if (!saved.ok) return saved;
  return ok([keyEvent(asked, 'signing-key.retired', key.kid, { publishedUntil })]);
}

export const keyEvent = (
  asked: Asked,
  type: 'signing-key.activated' | 'signing-key.retired' | 'signing-key.revoked',
  kid: string,
  details: NewEvent['details'],
): NewEvent => eventOf(asked, type, { kind: 'signing-key', id: kid }, details);
