import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientKey, newKey, now, signJws } from '../signed.ts';
import { type Api, onEachFramework } from './api.ts';
import { json } from './issuer.ts';

/* Token Status Lists at every adapter (O301). Shows RFC 6750 §3.1. */

const VALID = 0;
const INVALID = 1;
const SUSPENDED = 2;
const TYPE = 'application/statuslist+jwt';

/** Seconds: of the lists, and how long they serve beyond it where they may. */
const TTL = 60;
const STALE_FOR = 100;

/** So long nobody is asked again after a failure. */
const RETRY_SECONDS = 1;

/** The statuses of the first tokens, each in so many bits, the lowest first. */
function packed(bits: number, statuses: readonly number[]): string {
  const bytes = new Uint8Array(Math.ceil((statuses.length * bits) / 8));
  for (const [at, status] of statuses.entries()) {
    const byte = Math.floor((at * bits) / 8);
    bytes[byte] = (bytes[byte] ?? 0) | (status << ((at * bits) % 8));
  }
  return deflateSync(bytes).toString('base64url');
}

/** Seconds by which the clocks of the APIs are ahead. */
let ahead = 0;
afterEach(() => {
  ahead = 0;
});
const clock = () => Date.now() + ahead * 1_000;

type Publish = (
  bits: number,
  statuses: readonly number[],
  claims?: object,
  key?: ClientKey,
) => void;

/** A list of its own for each test, since lists are remembered. */
function lists(api: Api) {
  let count = 0;
  let path = '';
  let uri = '';
  beforeEach(() => {
    path = `/lists/${++count}`;
    uri = `${api.issuer.url}${path}`;
  });
  const publish: Publish = (bits, statuses, claims, key = api.issuer.key) => {
    const list = signJws(
      { typ: 'statuslist+jwt', alg: key.algorithm, kid: key.kid },
      {
        sub: uri,
        iat: now(),
        exp: now() + 200,
        ttl: TTL,
        status_list: { bits, lst: packed(bits, statuses) },
        ...claims,
      },
      key,
    );
    api.issuer.answers.set(path, (_request, response) => {
      response.writeHead(200, { 'content-type': TYPE }).end(list);
    });
  };
  return {
    publish,
    fail: () => api.issuer.answers.set(path, json({}, 500)),
    present: async (idx: number) => {
      const token = api.issuer.token({ status: { status_list: { idx, uri } } });
      return (await api.present(token)).status;
    },
  };
}

onEachFramework(
  (api) => {
    const { publish, fail, present } = lists(api);

    describe('a token with a place in a status list (O301)', () => {
      it.each([1, 2, 4, 8])(
        'of %d bits is taken while it is valid, and no longer',
        async (bits) => {
          const all = [VALID, INVALID, VALID, VALID, VALID, VALID, VALID, INVALID, VALID, INVALID];
          publish(bits, all);
          for (const [idx, status] of all.entries())
            expect(await present(idx)).toBe(status === VALID ? 200 : 401);
        },
      );

      it('is refused while it is suspended', async () => {
        publish(2, [VALID, SUSPENDED]);
        expect([await present(0), await present(1)]).toEqual([200, 401]);
      });

      it('is not taken when the list does not reach to its place', async () => {
        publish(1, [VALID]);
        expect([await present(0), await present(8)]).toEqual([200, 401]);
      });

      it.each<[string, object]>([
        ['is of another address', { sub: 'https://elsewhere.example.com/1' }],
        ['has expired', { exp: now() - 3_600 }],
        ['is too much when it is decompressed', { status_list: { bits: 1, lst: bomb() } }],
      ])('is not taken while its list %s: 503', async (_, claims) => {
        publish(1, [VALID], claims);
        expect(await present(0)).toBe(503);
      });

      it('nor while somebody else has signed it', async () => {
        publish(1, [VALID], {}, newKey());
        expect(await present(0)).toBe(503);
      });

      it('nor while it can not be had, and a token without a place is nevertheless', async () => {
        fail();
        expect(await present(0)).toBe(503);
        expect(await api.present(api.issuer.token())).toMatchObject({ status: 200 });
      });

      it('nor once its list is past its time and no newer one can be had', async () => {
        publish(1, [VALID, INVALID]);
        expect(await present(0)).toBe(200);
        fail();
        expect(await present(0)).toBe(200);
        ahead = TTL + 1;
        expect([await present(0), await present(1)]).toEqual([503, 503]);
        publish(1, [INVALID]);
        ahead += RETRY_SECONDS;
        expect(await present(0)).toBe(401);
      });
    });
  },
  () => ({ clock }),
);

onEachFramework(
  (api) => {
    const { publish, fail, present } = lists(api);

    describe('where lists may be old (O301)', () => {
      it('a token is taken by what its list said last, for as long as that is allowed', async () => {
        publish(1, [VALID, INVALID], { exp: now() + 1_000 });
        expect(await present(0)).toBe(200);
        fail();
        ahead = TTL + STALE_FOR - 5;
        expect([await present(0), await present(1)]).toEqual([200, 401]);
        ahead = TTL + STALE_FOR + 1;
        expect([await present(0), await present(1)]).toEqual([503, 503]);
      });

      it('but not beyond the time that its issuer has set', async () => {
        publish(1, [VALID], { exp: now() + TTL + 10 });
        expect(await present(0)).toBe(200);
        fail();
        ahead = TTL + 5;
        expect(await present(0)).toBe(200);
        ahead = TTL + 11;
        expect(await present(0)).toBe(503);
      });
    });
  },
  () => ({ clock, status: { whenUnavailable: { staleFor: STALE_FOR } } }),
);

function bomb(): string {
  return deflateSync(Buffer.alloc(64_000_000)).toString('base64url');
}
