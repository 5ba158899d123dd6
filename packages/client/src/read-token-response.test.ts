import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTokenResponse } from './read-token-response.ts';

const NAMES = ['access_token', 'token_type', 'expires_in', 'scope', 'authorization_details'];

const response = fc.record(
  {
    access_token: fc.oneof(fc.constantFrom('token', 'a b', '', 'a\r\nb', 'é'), fc.jsonValue()),
    token_type: fc.constantFrom('Bearer', 'bearer', 'DPoP', 'N_A', 'mac', 1, null),
    expires_in: fc.constantFrom(60, 0, -1, 1.5, '60', 1e300, null),
    scope: fc.constantFrom('read', 'read write', '', 'a  b', ['read'], null),
    authorization_details: fc.constantFrom([], [{ type: 'a' }], [{}], 'all', null),
  },
  { requiredKeys: [] },
);

it('RFC 6749 §5.1 whatever is answered, a token is one that can be used as it says, or none', () => {
  fc.assert(
    fc.property(fc.oneof(response, fc.jsonValue()), (json) => {
      const read = readTokenResponse(json, ['asked'], ['Bearer']);
      if ('malformed' in read) {
        expect(NAMES).toContain(read.malformed);
        return;
      }
      expect(new Headers({ authorization: `Bearer ${read.accessToken}` })).toBeDefined();
      expect(read.tokenType).toBe('Bearer');
      expect(read.expiresIn === undefined || Number.isSafeInteger(read.expiresIn)).toBe(true);
      for (const scope of read.scope) expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
      for (const detail of read.authorizationDetails ?? [])
        expect(detail.type).toBeTypeOf('string');
    }),
    { numRuns: 200 },
  );
});
