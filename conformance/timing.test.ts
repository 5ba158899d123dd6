import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CLIENT_CREDENTIALS, type ClientCredentials } from './realm.ts';
import { onEachDatabase } from './world.ts';

/**
 * A busy machine may slow down one kind and not another. What tells them apart does so each time.
 */
const STATISTICAL = { timeout: 60_000, retry: 2 };

/** Requests of each kind that are not counted: whatever is slow the first time is over by then. */
const WARM_UP = 16;

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The checksum that ends a generated secret: its CRC-32 in base 62, six digits. */
function withChecksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let count = 0; count < 6; count++) {
    digits = DIGITS.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return text + digits;
}

/** A secret that this server could have generated, and did not. */
const generate = (): string => withChecksum(`tsk_${randomBytes(32).toString('base64url')}`);

type Sample = { readonly name: string; readonly milliseconds: readonly number[] };

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const variance = (values: readonly number[]): number => {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
};

/** The fifth that was quickest ends here: what a request takes when nothing is in its way. */
const quick = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 5)] ?? 0;

const describeSamples = (samples: readonly Sample[]): string =>
  samples
    .map(({ name, milliseconds }) => `${name}: ${quick(milliseconds).toFixed(2)} ms`)
    .join(', ');

/** Welch's t: how many standard errors lie between two means. */
const welch = (a: readonly number[], b: readonly number[]): number =>
  (mean(a) - mean(b)) / Math.sqrt(variance(a) / a.length + variance(b) / b.length);

/** The slowest tenth says more about the machine than about the server. */
const calmed = (values: readonly number[]): readonly number[] =>
  [...values].sort((a, b) => a - b).slice(0, Math.ceil(values.length * 0.9));

onEachDatabase((world) => {
  const { alpha } = world;

  /**
   * Asks for each of the kinds in turn, again and again, so that whatever slows the machine down
   * slows all of them down. Each request comes from an address of its own, so that no
   * budget is spent.
   */
  const measure = async (
    kinds: Readonly<Record<string, (turn: number) => ClientCredentials>>,
    turns: number,
  ): Promise<readonly Sample[]> => {
    const samples = Object.entries(kinds).map(([name, credentials]) => ({
      name,
      credentials,
      milliseconds: [] as number[],
    }));
    for (let turn = 0; turn < turns + WARM_UP; turn++)
      for (const { credentials, milliseconds } of samples) {
        const as = credentials(turn);
        const answer = await alpha.post('access_token', CLIENT_CREDENTIALS, { as });
        expect(answer.status).toBe(401);
        if (turn >= WARM_UP) milliseconds.push(answer.milliseconds);
      }
    return samples;
  };

  /**
   * The kinds that can be told from the first: they take a third longer, or a tenth longer and
   * that not by chance.
   */
  const findTellTales = ([first, ...others]: readonly Sample[]): readonly string[] => {
    const one = first?.milliseconds ?? [];
    return others.flatMap(({ name, milliseconds: other }) => {
      const ratio = quick(other) / quick(one);
      const t = Math.abs(welch(calmed(one), calmed(other)));
      const apart = Math.max(ratio, 1 / ratio);
      return apart < 1.33 && (apart < 1.1 || t < 6)
        ? []
        : [
            `${first?.name}: ${quick(one).toFixed(2)} ms, ${name}: ${quick(other).toFixed(2)} ms, t = ${t.toFixed(1)}`,
          ];
    });
  };

  describe('RFC 6749 §10.10 time does not tell whether a client exists (C96, attacks 1 and 2)', () => {
    it('a secret that a person could have chosen', STATISTICAL, async ({ annotate }) => {
      const register = (secret: string, members = {}) =>
        alpha.registerClient({ secret: { secret }, ...members });
      const one = await register('chosen-by-a-person-000');
      const two = await register('the-first-of-two');
      const path = `/api/realms/alpha/clients/${two.clientId}/secrets`;
      await world.administration.perform('POST', path, { secret: 'the-second-of-two' });
      const generated = await alpha.registerClient();
      const disabled = await register('of-a-disabled-client', { enabled: false });
      const by = (clientId: string) => (turn: number) => ({
        clientId,
        secret: `chosen-by-a-person-${100 + turn}`,
      });
      const samples = await measure(
        {
          'an unknown client': by('unknown-client'),
          'a client with one secret': by(one.clientId),
          'a client with two secrets': by(two.clientId),
          'a client with a generated secret': by(generated.clientId),
          'a client that is disabled': by(disabled.clientId),
        },
        40,
      );
      void annotate(describeSamples(samples));
      expect(findTellTales(samples)).toEqual([]);
    });

    it('a secret of the generated form', STATISTICAL, async ({ annotate }) => {
      const { secret } = await alpha.registerClient();
      expect(withChecksum(secret.slice(0, -6))).toBe(secret);
      const known = await Promise.all(Array.from({ length: 8 }, () => alpha.registerClient()));
      const samples = await measure(
        {
          'an unknown client': (turn) => ({
            clientId: `unknown-${turn % 8}`,
            secret: generate(),
          }),
          'a known client': (turn) => ({
            clientId: known[turn % 8]?.clientId ?? '',
            secret: generate(),
          }),
        },
        800,
      );
      void annotate(describeSamples(samples));
      expect(findTellTales(samples)).toEqual([]);
    });

    it('nor how much of a secret is right', STATISTICAL, async ({ annotate }) => {
      const known = await Promise.all(Array.from({ length: 16 }, () => alpha.registerClient()));
      /** The secret of a client with one character changed, and a checksum that fits. */
      const almost = (turn: number, position: number): ClientCredentials => {
        const { clientId, secret } = known[turn % 16] ?? { clientId: '', secret: '' };
        const body = secret.slice(0, -6);
        const other = body[position] === 'A' ? 'B' : 'A';
        return {
          clientId,
          secret: withChecksum(body.slice(0, position) + other + body.slice(position + 1)),
        };
      };
      const samples = await measure(
        {
          'wrong in the first character': (turn) => almost(turn, 4),
          'wrong in the last character': (turn) => almost(turn, 46),
        },
        800,
      );
      void annotate(describeSamples(samples));
      expect(findTellTales(samples)).toEqual([]);
    });
  });
});
