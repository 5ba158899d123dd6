import { expect, it } from 'vitest';
import { addresses } from './addresses.ts';

const PUBLIC = 'https://id.example.com';

it('RFC 8705 §5 an address for certificates changes the authority and nothing else', () => {
  const known = addresses(PUBLIC, '/am', { accepted: true, url: 'https://id.example.com:8443' });
  for (const realm of ['root', 'alpha'])
    expect(known.mtlsIssuer(realm)).toBe(known.issuer(realm).replace(PUBLIC, `${PUBLIC}:8443`));
});

it('where that address is the public one, or there is none, nothing else is told', () => {
  expect(addresses(PUBLIC, '/am', { accepted: true, url: PUBLIC }).mtlsIssuer('a')).toBeUndefined();
  expect(addresses(PUBLIC, '/am').mtlsIssuer('a')).toBeUndefined();
  expect(addresses(PUBLIC, '/am').acceptsCertificates).toBe(false);
});

it('RFC 9449 §4.3 a proof is for the address that was called, as it is configured', () => {
  const mtls = 'https://id.example.com:8443';
  const known = addresses(PUBLIC, '/am', { accepted: true, url: mtls });
  expect(known.baseCalled('ID.example.com:8443')).toBe(mtls);
  for (const host of ['id.example.com', 'evil.example', undefined])
    expect(known.baseCalled(host)).toBe(PUBLIC);
});
