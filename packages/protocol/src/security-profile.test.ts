import { describe, expect, it } from 'vitest';
import { profileRules } from './security-profile.ts';

const ISSUER = 'https://as.example.com/am/oauth2/realms/root/realms/alpha';
const CALLED = 'https://as.example.com/am/oauth2/alpha/access_token';

describe('RFC 10070 §4 the audience of a client assertion', () => {
  it('is the issuer and nothing else, also under FAPI 2.0', () => {
    for (const profile of ['standard', 'fapi2'] as const)
      expect(profileRules(profile).assertionAudiences(ISSUER, CALLED)).toEqual([ISSUER]);
  });

  it('may be the token endpoint, with and without its port, for clients of PingOne', () => {
    const audiences = profileRules('pingone').assertionAudiences(ISSUER, CALLED);
    expect(audiences).toContain(ISSUER);
    expect(audiences).toContain(`${ISSUER}/access_token`);
    expect(audiences).toContain(
      'https://as.example.com:443/am/oauth2/realms/root/realms/alpha/access_token',
    );
    expect(audiences).toContain('https://as.example.com:443/am/oauth2/alpha/access_token');
  });

  it('may have its port twice there, as a known client writes it', () => {
    const issuer = 'http://localhost:8080/am/oauth2';
    expect(profileRules('pingone').assertionAudiences(issuer, issuer)).toContain(
      'http://localhost:8080:8080/am/oauth2/access_token',
    );
  });
});

describe('FAPI 2.0 Security Profile', () => {
  it('5.3.2.1 has no shared secrets, and its tokens are bound', () => {
    const rules = profileRules('fapi2');
    expect(rules.authenticationMethods.filter((name) => name.includes('secret'))).toEqual([]);
    expect(rules.authenticationMethods).not.toContain('none');
    expect(rules.tokenBinding).toBe('either');
    expect(rules.audienceForm).toBe('string');
  });

  it('5.4 has neither RS256 nor keyed hashes', () => {
    const { assertionAlgorithms, proofAlgorithms, signingAlgorithms } = profileRules('fapi2');
    expect(assertionAlgorithms).toEqual(['PS256', 'ES256', 'EdDSA', 'Ed25519']);
    expect(proofAlgorithms).toEqual(assertionAlgorithms);
    expect(signingAlgorithms).not.toContain('RS256');
  });
});
