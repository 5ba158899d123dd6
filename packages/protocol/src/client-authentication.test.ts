import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBasicText } from './client-authentication.ts';
import { isClientId, readCredentials } from './client-credentials.ts';
import { decode, encode, readForm } from './parameters.ts';

const unicode = fc.string({ unit: 'binary', maxLength: 20 });

describe('RFC 6749 App. B', () => {
  it('the example of the appendix', () => {
    expect(encode(' %&+£€')).toBe('+%25%26%2B%C2%A3%E2%82%AC');
  });

  it('a component is encoded as the form serializer of the platform does', () => {
    fc.assert(
      fc.property(unicode, (text) => {
        expect(`=${encode(text)}`).toBe(new URLSearchParams([['', text]]).toString());
        expect(decode(encode(text))).toBe(text);
      }),
    );
  });
});

describe('RFC 6749 §2.3.1', () => {
  it('a colon in the id or the secret is not the one between them', () => {
    expect(formatBasicText('urn:a', 'b:c')).toBe('urn%3Aa:b%3Ac');
  });

  it('whatever the id and the secret are, the first reading of the server is what was meant', () => {
    const form = readForm('');
    if (!form.ok) throw new Error('an empty form is a form');
    fc.assert(
      fc.property(
        unicode.filter((id) => isClientId(id)),
        unicode.filter((secret) => secret !== ''),
        (clientId, secret) => {
          const text = formatBasicText(clientId, secret);
          const read = readCredentials({ kind: 'basic', text }, form.value);
          expect(read.ok && 'readings' in read.value && read.value.readings[0]).toEqual({
            clientId,
            secret,
          });
        },
      ),
    );
  });
});
