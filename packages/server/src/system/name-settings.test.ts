import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLocalName, namesToAsk, readHostNames, readSearchList } from './name-settings.ts';

describe('resolv.conf', () => {
  it.each([
    ['', [], 1],
    ['nameserver 10.0.0.1\n', [], 1],
    ['search a.example b.example.\noptions ndots:5 timeout:1\n', ['a.example', 'b.example'], 5],
    ['domain one.example two.example\n', ['one.example'], 1],
    ['search a.example\ndomain b.example', ['b.example'], 1],
    ['domain b.example\nsearch a.example # c.example', ['a.example'], 1],
    ['; search a.example\n\tsearch\tb.example', ['b.example'], 1],
    ['search .', [], 1],
    ['options ndots:99', [], 15],
    ['options ndots:0', [], 0],
    ['options ndots:x ndots:1234 ndots:-1', [], 1],
  ])('%j completes with %j names of fewer than %i dots', (text, domains, dots) => {
    expect(readSearchList(text)).toEqual({ domains, dots });
  });

  it('any text is a bounded search list', () => {
    const lines = fc.array(
      fc.oneof(
        fc.string(),
        fc.string().map((values) => `search ${values}`),
        fc.array(fc.domain(), { maxLength: 60 }).map((names) => `search ${names.join(' ')}`),
        fc.integer().map((number) => `options ndots:${number}`),
      ),
    );
    fc.assert(
      fc.property(lines, (given) => {
        const { domains, dots } = readSearchList(given.join('\n'));
        expect(domains.length).toBeLessThanOrEqual(32);
        for (const domain of domains) expect(domain).toMatch(/^\S+$/);
        expect(Number.isInteger(dots) && dots >= 0 && dots <= 15).toBe(true);
      }),
    );
  });
});

describe('a name is asked for', () => {
  const search = { domains: ['team.svc.cluster.local', 'svc.cluster.local'], dots: 2 };

  it.each([
    [
      'keys.identity',
      ['keys.identity.team.svc.cluster.local', 'keys.identity.svc.cluster.local', 'keys.identity'],
    ],
    [
      'keys.example.com',
      [
        'keys.example.com',
        'keys.example.com.team.svc.cluster.local',
        'keys.example.com.svc.cluster.local',
      ],
    ],
    ['keys.identity.', ['keys.identity']],
  ])('%s as %j', (name, asked) => {
    expect(namesToAsk(name, search)).toEqual(asked);
  });

  it('as it stands where nothing completes it', () => {
    expect(namesToAsk('keys.example.com', { domains: [], dots: 1 })).toEqual(['keys.example.com']);
  });
});

describe('a name is local', () => {
  const hosts = readHostNames(
    '127.0.0.1 localhost\n# 10.0.0.9 no.example\n10.0.0.1\tKeys.Example a',
  );

  it.each([
    ['localhost', true],
    ['a.localhost.', true],
    ['printer', true],
    ['printer.local', true],
    ['keys.team.svc.cluster.local', false],
    ['keys.example', true],
    ['KEYS.EXAMPLE.', true],
    ['10.0.0.1', false],
    ['no.example', false],
    ['keys.example.com', false],
    ['notlocalhost.example', false],
  ])('%s: %s', (name, local) => {
    expect(isLocalName(name, hosts)).toBe(local);
  });
});
