import { type NumericDate, ok, refuse, type SigningAlgorithm } from '@tessera/protocol';
import type { Environment, Rows } from '../environment.ts';
import type { ChangeEventType, NewEvent } from '../model/event.ts';
import { ACCESS_TOKEN_LIFETIME_MAX, type Provider } from '../model/provider.ts';
import {
  type KeyPolicy,
  type KeyStep,
  nextKeySteps,
  PUBLISH_AHEAD,
  type SigningKey,
} from '../model/signing-key.ts';

type Env = Pick<Environment, 'store' | 'keyRing'>;

/**
 * Moves a realm's keys to where the clock says they should be.
 *
 * The steps are worked out again on the rows of the commit, and commits follow one another: of
 * two nodes that wake at once, the second finds them taken and leaves no trace.
 */
export async function rotateSigningKeys(
  env: Env,
  provider: Provider,
  now: NumericDate,
): Promise<readonly KeyStep[]> {
  const { realm } = provider;
  const policy = keyPolicy(provider);
  const known = await env.store.signingKeys.all(realm);
  const taken: KeyStep[] = [];
  for (const algorithm of algorithmsOf(known)) {
    const steps = nextKeySteps(ofAlgorithm(known, algorithm), policy, now);
    if (steps.length === 0) continue;
    // An RSA key takes a while to make: not inside a transaction.
    const fresh = steps.some(({ step }) => step === 'create')
      ? await env.keyRing.generate(algorithm)
      : undefined;
    const outcome = await env.store.commit(eventsOf(realm, steps, now), async (rows) => {
      const current = ofAlgorithm(await rows.signingKeys.all(realm), algorithm);
      if (!sameSteps(nextKeySteps(current, policy, now), steps)) return refuse('overtaken');
      for (const step of steps) await takeStep(rows, realm, algorithm, current, step, fresh, now);
      return ok(steps);
    });
    if (outcome.ok) taken.push(...outcome.value);
  }
  return taken;
}

const keyPolicy = ({ keyRotationPeriod }: Provider): KeyPolicy => ({
  rotationPeriod: keyRotationPeriod,
  publishAhead: PUBLISH_AHEAD,
  keepRetired: ACCESS_TOKEN_LIFETIME_MAX,
});

const sameSteps = (a: readonly KeyStep[], b: readonly KeyStep[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

const algorithmsOf = (keys: readonly SigningKey[]): Set<SigningAlgorithm> =>
  new Set(keys.map(({ algorithm }) => algorithm));

const ofAlgorithm = (keys: readonly SigningKey[], algorithm: SigningAlgorithm) =>
  keys.filter((key) => key.algorithm === algorithm);

async function takeStep(
  rows: Rows,
  realm: string,
  algorithm: SigningAlgorithm,
  keys: readonly SigningKey[],
  step: KeyStep,
  fresh: Awaited<ReturnType<Env['keyRing']['generate']>> | undefined,
  now: NumericDate,
): Promise<void> {
  if (step.step === 'create') {
    if (fresh === undefined) throw new Error('no key was made for the step that needs one');
    await rows.signingKeys.insert({
      realm,
      kid: fresh.publicJwk.kid,
      algorithm,
      ...fresh,
      state: step.signsFrom <= now ? 'signing' : 'published',
      createdAt: now,
      signsFrom: step.signsFrom,
      publishedUntil: undefined,
      revision: 1,
    });
    return;
  }
  const key = keys.find(({ kid }) => kid === step.kid);
  if (key === undefined) return;
  if (step.step === 'sign') await rows.signingKeys.update({ ...key, state: 'signing' });
  else if (step.step === 'retire')
    await rows.signingKeys.update({
      ...key,
      state: 'retired',
      publishedUntil: step.publishedUntil,
    });
  else await rows.signingKeys.delete(realm, key.kid);
}

const EVENTS = {
  create: 'signing-key.created',
  sign: 'signing-key.activated',
  retire: 'signing-key.retired',
  remove: 'signing-key.removed',
} as const satisfies Record<KeyStep['step'], ChangeEventType>;

const eventsOf = (realm: string, steps: readonly KeyStep[], now: NumericDate): NewEvent[] =>
  steps.map((step) => ({
    at: now,
    realm,
    type: EVENTS[step.step],
    actor: { kind: 'system', id: 'key-rotation' },
    subject: { kind: 'signing-key', id: step.step === 'create' ? 'new' : step.kid },
    details: { ...step },
    requestId: '',
  }));
