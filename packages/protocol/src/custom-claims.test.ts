import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeClaims, type TokenFacts } from './access-token.ts';
import type { ClaimSources } from './claim-template.ts';
import {
  addCustomClaims,
  combineClaims,
  findClaimProblem,
  fitsToken,
  readClaimsAnswer,
  resolveClaims,
  selectCustomClaims,
} from './custom-claims.ts';
import { describeToken } from './introspection.ts';
import { isReservedClaim, RESERVED_CLAIMS } from './reserved-claims.ts';
import { numericDate } from './time.ts';
import { describeTokenInfo } from './token-info.ts';

const SOURCES: ClaimSources = {
  client: { id: 'c1', name: 'C', attributes: { team: 'payments' } },
  api: { id: 'orders', name: 'Orders' },
  realm: 'alpha',
};

const TOKEN: TokenFacts = {
  realm: 'alpha',
  issuer: 'https://id.example',
  jti: 'j',
  clientId: 'c1',
  subject: 'c1',
  actors: ['c2'],
  audience: ['https://orders.example'],
  scope: ['read'],
  authorizationDetails: [{ type: 'payment' }],
  grantType: 'x',
  confirmation: { jkt: 'k' },
  issuedAt: numericDate(1),
  expiresAt: numericDate(100),
};
const ASKER = { clientId: 'c1', ofWholeRealm: false, apis: [], detailTypes: [] };

/** As nothing lets it come about: each name of ours, claimed by somebody else. */
const FORGED = Object.fromEntries(RESERVED_CLAIMS.map((name) => [name, 'forged']));

describe('RFC 7519 §4.2, §4.3 a claim', () => {
  test.each([
    [{ name: 'team', value: 'payments' }],
    [{ name: 'https://example.com/claims/tier', value: { level: 3, names: ['a', true, 1.5] } }],
    [{ name: 'team', template: '{{client.attributes.team}}' }],
    // RFC 9068 §2.2.3.1 has these three for what custom claims are.
    [{ name: 'roles', value: ['reader'] }],
    [{ name: 'groups', value: ['a'] }],
    [{ name: 'entitlements', value: ['b'] }],
  ])('%o can be set', (claim) => {
    expect(findClaimProblem(claim)).toBeUndefined();
  });

  test.each([...RESERVED_CLAIMS, '__proto__'])('named %s cannot', (name) => {
    const problem = { member: 'name', detail: 'is a claim that only the server writes' };
    expect(findClaimProblem({ name, value: 1 })).toEqual(problem);
  });

  test.each([
    [{ name: '', value: 1 }, 'name'],
    [{ name: 'two words', value: 1 }, 'name'],
    [{ name: 'ü', value: 1 }, 'name'],
    [{ name: 'x'.repeat(129), value: 1 }, 'name'],
    [{ name: 'a' }, 'value'],
    [{ name: 'a', value: null }, 'value'],
    [{ name: 'a', value: 2 ** 53 }, 'value'],
    [{ name: 'a', value: [[[[[[]]]]]] }, 'value'],
    [{ name: 'a', value: 'x'.repeat(1_023) }, 'value'],
    [{ name: 'a', value: '€'.repeat(341) }, 'value'],
    [{ name: 'a', value: 1, template: '{{client.id}}' }, 'value'],
    [{ name: 'a', template: '{{client.ids}}' }, 'template'],
  ])('%o is refused', (claim, member) => {
    expect(findClaimProblem(claim)).toMatchObject({ member });
  });
});

describe('the names that only the server writes', () => {
  test('are all that it says of a token, in a JWT and at introspection', () => {
    const said = [
      ...Object.keys(describeClaims(TOKEN)),
      ...Object.keys(describeToken(TOKEN, ASKER, numericDate(2))),
      // Scopes are members there, too.
      ...Object.keys(describeTokenInfo('t', { ...TOKEN, scope: [] }, numericDate(2))),
    ];
    expect(said.filter((name) => !isReservedClaim(name))).toEqual([]);
  });

  test('are not taken from custom claims, however those came in', () => {
    const forged = { ...TOKEN, claims: { ...FORGED, tier: 1 } };
    expect(describeClaims(forged)).toEqual({ ...describeClaims(TOKEN), tier: 1 });
    const bare: TokenFacts = {
      ...forged,
      actors: [],
      authorizationDetails: undefined,
      confirmation: undefined,
      scope: [],
      grantType: 'client_credentials',
    };
    const written = JSON.parse(JSON.stringify(describeClaims(bare))) as object;
    expect(Object.keys(written)).toEqual([
      ...['iss', 'sub', 'aud', 'client_id', 'iat', 'exp', 'jti', 'tier'],
    ]);
    expect(describeToken(forged, ASKER, numericDate(2))).toEqual({
      ...describeToken(TOKEN, ASKER, numericDate(2)),
      tier: 1,
    });
  });

  test('an inactive token says nothing besides', () => {
    const token = { ...TOKEN, claims: { tier: 1 } };
    expect(describeToken(token, ASKER, numericDate(100))).toEqual({ active: false });
  });

  test('what a token says beyond them is found again', () => {
    const json = JSON.parse('{"iss":"i","tier":1,"__proto__":{"x":1},"cnf":{}}') as object;
    expect(selectCustomClaims({ ...json })).toEqual({ tier: 1 });
    expect(selectCustomClaims({ iss: 'i' })).toBeUndefined();
  });
});

describe('the claims of a realm and of an API', () => {
  test('are filled for the client; what is missing is left out', () => {
    const claims = resolveClaims(
      [{ name: 'tenant', template: '{{realm.name}}' }],
      [
        { name: 'tier', value: 3 },
        { name: 'region', template: '{{client.attributes.region}}' },
        { name: 'team', template: '{{client.attributes.team}}' },
      ],
      SOURCES,
    );
    expect(claims).toEqual({ tenant: 'alpha', tier: 3, team: 'payments' });
  });

  test('of one name are the one of the API, even where it says nothing', () => {
    const ofRealm = [{ name: 'region', value: 'eu' }];
    expect(resolveClaims(ofRealm, [{ name: 'region', value: 'us' }], SOURCES)).toEqual({
      region: 'us',
    });
    const empty = [{ name: 'region', template: '{{client.attributes.region}}' }];
    expect(resolveClaims(ofRealm, empty, SOURCES)).toBeUndefined();
  });
});

describe('the claims of several APIs in one token', () => {
  test('are all of theirs', () => {
    const combined = combineClaims([{ a: 1 }, undefined, { b: [{ x: 1, y: 2 }] }]);
    expect(combined).toEqual({ ok: true, value: { a: 1, b: [{ x: 1, y: 2 }] } });
    expect(combineClaims([undefined, undefined])).toEqual({ ok: true, value: undefined });
  });

  test.each([
    [{ a: 1 }, { a: 1 }, true],
    [{ a: { x: 1, y: [2] } }, { a: { y: [2], x: 1 } }, true],
    [{ a: 1 }, { a: '1' }, false],
    [{ a: [1, 2] }, { a: [2, 1] }, false],
    [{ a: [] }, { a: {} }, false],
    [{ a: { x: 1 } }, { a: { x: 1, y: 1 } }, false],
    [{ a: { x: 1 } }, { a: { y: 1 } }, false],
  ])('%o and %o agree: %s', (one, other, agree) => {
    expect(combineClaims([one, other])).toMatchObject(
      agree ? { ok: true, value: one } : { ok: false, refusal: 'a' },
    );
  });

  test('do not depend on who is asked first', () => {
    const claims = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(claims, claims, (one, other) => {
        const [there, back] = [combineClaims([one, other]), combineClaims([other, one])];
        expect(there.ok).toBe(back.ok);
        if (there.ok) expect(there).toEqual(back);
      }),
    );
  });
});

describe('the answer of a hook', () => {
  test('is claims within an object', () => {
    expect(readClaimsAnswer({ claims: { tier: 1 }, more: 2 })).toEqual({
      ok: true,
      value: { tier: 1 },
    });
    expect(readClaimsAnswer({ claims: {} })).toEqual({ ok: true, value: {} });
  });

  const many = Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`c${at}`, at]));
  test.each([
    [[], 'claims_malformed'],
    [{}, 'claims_malformed'],
    [{ claims: [] }, 'claims_malformed'],
    [{ claims: null }, 'claims_malformed'],
    [{ claims: many }, 'claims_too_many'],
    [{ claims: { sub: 'root' } }, 'claim_reserved'],
    [{ claims: { scp: 'orders:write' } }, 'claim_reserved'],
    [{ claims: { a: JSON.parse('{"__proto__":{"iss":1}}') as unknown } }, 'claim_invalid'],
    [{ claims: JSON.parse('{"__proto__":{}}') as unknown }, 'claim_reserved'],
    [{ claims: { tier: null } }, 'claim_invalid'],
    [{ claims: { 'a b': 1 } }, 'claim_invalid'],
    [{ claims: { a: 'x'.repeat(2_000) } }, 'claim_invalid'],
    [
      { claims: { a: 'x'.repeat(1_000), b: 'x'.repeat(1_000), c: 'x'.repeat(50) } },
      'claims_too_large',
    ],
  ])('%o is refused', (document, problem) => {
    expect(readClaimsAnswer(document)).toMatchObject({ ok: false, refusal: { problem } });
  });

  test('that is taken fits a token, and says nothing of the server', () => {
    const names = fc.oneof(fc.constantFrom('sub', 'act', 'tier', 'cnf'), fc.string());
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), (claims) => {
        const read = readClaimsAnswer({ claims });
        if (!read.ok) return;
        expect(fitsToken(read.value)).toBe(true);
        expect(addCustomClaims({}, read.value)).toEqual(claims);
      }),
    );
  });
});
