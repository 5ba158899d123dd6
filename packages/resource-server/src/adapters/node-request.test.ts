import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formOf, type NodeRequest, presentNodeRequest } from './node-request.ts';

const request = (rawHeaders: readonly string[], headers = {}): NodeRequest => ({
  method: 'GET',
  url: '/orders?x=1',
  headers,
  rawHeaders,
  socket: {},
});

const headersOf = (rawHeaders: readonly string[]) =>
  presentNodeRequest(request(rawHeaders), {}, {}).headers as Record<string, string[]>;

describe('what a request of node:http presents', () => {
  it('a repeated header is two values, also where Node would keep the first', () => {
    expect(headersOf(['Authorization', 'a', 'x', 'y', 'AUTHORIZATION', 'b'])).toMatchObject({
      authorization: ['a', 'b'],
    });
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'get'])(
    'a header that is called %s is a header',
    (name) => {
      const headers = headersOf([name, 'x', name, 'y']);
      expect(headers[name.toLowerCase()]).toEqual(['x', 'y']);
      expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    },
  );

  it('whatever the headers are, each is there as often as it came', () => {
    const name = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9a-z-]{1,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string())), (sent) => {
        const headers = headersOf(sent.flat());
        for (const [key] of sent)
          expect(headers[key]).toEqual(sent.filter(([k]) => k === key).map(([, v]) => v));
      }),
    );
  });

  it('a certificate is that of the TLS connection, unless somebody else knows better', () => {
    const raw = Uint8Array.of(1, 2);
    const socket = { getPeerCertificate: () => ({ raw }) };
    const over = (socket: object, options = {}) =>
      presentNodeRequest({ ...request([]), socket }, {}, options).peerCertificate?.();
    expect(over({})).toBeUndefined();
    expect(over({ getPeerCertificate: () => null })).toBeUndefined();
    expect(over({ getPeerCertificate: () => ({}) })).toBeUndefined();
    expect(over(socket)).toBe(raw);
    expect(over(socket, { peerCertificate: () => undefined })).toBeUndefined();
  });
});

describe('RFC 6750 §2 a form that was read already', () => {
  const FORM = 'application/x-www-form-urlencoded';

  it.each([
    [FORM, { access_token: 'x' }, 'access_token='],
    [`${FORM}; charset=utf-8`, { access_token: ['x', 'y'] }, 'access_token='],
    [FORM, 'a=b&access_token=x', 'a=b&access_token=x'],
    [FORM, new TextEncoder().encode('access_token=x'), 'access_token=x'],
    [FORM, { a: 'b' }, undefined],
    [FORM, undefined, undefined],
    [FORM, null, undefined],
    ['application/json', { access_token: 'x' }, undefined],
    [undefined, { access_token: 'x' }, undefined],
  ])('of type %s with %j is presented as %j', (type, body, form) => {
    expect(formOf(request([], { 'content-type': type }), body)).toBe(form);
  });
});
