import { type NumericDate, numericDate, seconds } from '@tessera/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Credential, endOfCredential } from '../../src/model/credential.ts';
import { compareEndings, type EndingPlace } from '../../src/model/ending.ts';
import { aCredential, change, NOW, newRealm } from './fixtures.ts';
import type { Opened } from './opened.ts';

const ALL = { since: numericDate(0), until: numericDate(9_999_999_999) };
const at = (offset: number) => numericDate(NOW + offset);

const instant = fc.integer({ min: -50, max: 50 }).map(at);
const made = fc.record({
  clientId: fc.constantFrom('c1', 'c2', 'ü'),
  createdAt: instant,
  expiresAt: fc.option(instant, { nil: undefined }),
  notAfter: fc.option(instant, { nil: undefined }),
});

export function endingsContract(current: () => Opened): void {
  it('finds every credential that ends, soonest first, page by page, and counts it', async () => {
    const { store } = current();
    await fc.assert(
      fc.asyncProperty(
        fc.array(made, { maxLength: 12 }),
        fc.option(fc.integer({ min: 1, max: 60 }).map(seconds), { nil: undefined }),
        async (given, forcedAge) => {
          const realm = await newRealm(store, 'c1', 'c2', 'ü');
          const credentials = given.map(
            ({ notAfter, ...members }, index): Credential => ({
              ...aCredential(realm, members.clientId, `id-${index}`),
              ...members,
              ...(notAfter !== undefined && {
                material: { kind: 'certificate', thumbprint: 't', certificate: 'MA==', notAfter },
              }),
            }),
          );
          await change(store, realm, async (rows) => {
            for (const credential of credentials) await rows.credentials.insert(credential);
          });
          const expected = credentials
            .flatMap((credential): EndingPlace[] => {
              const { clientId, id, createdAt, material } = credential;
              const ends = [
                endOfCredential(credential),
                forcedAge !== undefined && material.kind === 'secret'
                  ? numericDate(createdAt + forcedAge)
                  : undefined,
              ].filter((end): end is NumericDate => end !== undefined);
              return ends.length === 0
                ? []
                : [{ endsAt: numericDate(Math.min(...ends)), clientId, id }];
            })
            .sort(compareEndings);

          const found: EndingPlace[] = [];
          for (;;) {
            const page = await store.endingCredentials.list(realm, {
              ...ALL,
              after: found.at(-1),
              limit: 5,
              forcedAge,
            });
            found.push(
              ...page.map(({ endsAt, credential: { clientId, id } }) => ({ endsAt, clientId, id })),
            );
            if (page.length < 5) break;
          }
          expect(found).toEqual(expected);

          const spans = [
            { since: ALL.since, until: NOW },
            { since: NOW, until: ALL.until },
          ];
          const within = spans.map(
            ({ since, until }) =>
              expected.filter(({ endsAt }) => endsAt >= since && endsAt < until).length,
          );
          expect(
            await store.endingCredentials.count(realm, spans, { max: 100, forcedAge }),
          ).toEqual(within);
          expect(await store.endingCredentials.count(realm, spans, { max: 2, forcedAge })).toEqual(
            within.map((count) => Math.min(count, 2)),
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it('forgets an end that was taken away', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    const credential = { ...aCredential(realm, 'c1', 'one'), expiresAt: at(10) };
    await change(store, realm, async (rows) => {
      await rows.credentials.insert(credential);
    });
    const page = { ...ALL, after: undefined, limit: 5, forcedAge: undefined };
    expect(await store.endingCredentials.list(realm, page)).toEqual([
      { credential, endsAt: at(10), application: undefined },
    ]);
    await change(store, realm, async (rows) => {
      await rows.credentials.update({ ...credential, expiresAt: undefined });
    });
    expect(await store.endingCredentials.list(realm, page)).toEqual([]);
  });
}
