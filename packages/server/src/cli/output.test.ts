import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeTerminal } from '../../test/terminal.ts';
import { formatValue, printable, usesColour } from './output.ts';

const CLIENTS = {
  items: [
    { clientId: 'a', enabled: true, scopes: ['read', 'write'], createdAt: 1_800_000_000 },
    { clientId: 'longer-id', enabled: false, scopes: [], createdAt: 0 },
  ],
  next: null,
};

describe('a table', () => {
  it('has the columns of the view, in words, and no borders', () => {
    const view = { columns: ['clientId', 'enabled', 'scopes', 'createdAt'] };
    expect(formatValue(CLIENTS, 'table', view, false)).toBe(
      [
        'CLIENT ID  ENABLED  SCOPES      CREATED AT',
        'a          yes      read write  2027-01-15T08:00:00Z',
        'longer-id  no       -           -',
        '',
      ].join('\n'),
    );
  });

  it('of one object has a row for each member', () => {
    const value = {
      clientId: 'a',
      accessTokenLifetime: { value: 900, from: 'client' },
      next: null,
    };
    expect(formatValue(value, 'table', {}, false)).toBe(
      [
        'client id              a',
        'access token lifetime  900 (client)',
        'next                   -',
        '',
      ].join('\n'),
    );
  });

  it('of a certificate says when it holds, and leaves its bytes to the other formats', () => {
    const value = { certificate: '-----BEGIN CERTIFICATE-----\nMIIB', notAfter: 1_798_251_595 };
    expect(formatValue(value, 'table', {}, false)).toBe(
      'certificate  PEM, see --output json\nnot after    2026-12-26T02:19:55Z\n',
    );
  });

  it('leaves names as they are that are no words', () => {
    expect(formatValue({ cnf: { 'x5t#S256': 'a' } }, 'table', {}, false)).toBe(
      'cnf  x5t#S256: a\n',
    );
  });

  it('of nothing says so', () => {
    expect(formatValue({ items: [], next: null }, 'table', {}, false)).toBe('none\n');
  });

  it('keeps control characters of others away from the terminal', () => {
    const text = formatValue({ name: '\u001b]0;owned\u0007\u202e' }, 'table', {}, false);
    expect(text).toBe('name  \\u{1b}]0;owned\\u{7}\\u{202e}\n');
    const harmless = fc.property(
      fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
      (any) => !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(printable(any)),
    );
    expect(fc.check(harmless)).toMatchObject({ failed: false });
  });
});

describe('the formats for programs', () => {
  it('json and yaml hold the whole value', () => {
    expect(JSON.parse(formatValue(CLIENTS, 'json', { columns: ['clientId'] }, false))).toEqual(
      CLIENTS,
    );
    expect(parse(formatValue(CLIENTS, 'yaml', { columns: ['clientId'] }, false))).toEqual(CLIENTS);
  });

  it('env has a variable for each value, however deep', () => {
    const value = {
      clientId: 'a',
      scopes: ['read', 'write'],
      secret: { lastFour: 'x y' },
      logoUri: null,
    };
    expect(formatValue(value, 'env', {}, false)).toBe(
      "CLIENT_ID=a\nSCOPES='read write'\nSECRET_LAST_FOUR='x y'\nLOGO_URI=\n",
    );
    expect(formatValue([{ id: 1 }, { id: 2 }], 'env', {}, false)).toBe('_0_ID=1\n_1_ID=2\n');
  });

  it('a shell reads from env what was put in, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        (text) => {
          const script = `${formatValue({ value: text }, 'env', {}, false)}printf %s "$VALUE"`;
          const shell = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
          expect(shell.stdout).toBe(text);
        },
      ),
      { numRuns: 25, examples: [["it's $HOME `id` \\ \n\t\u001b"]] },
    );
  });
});

it('colours are for terminals, and NO_COLOR turns them off', () => {
  const terminal = makeTerminal();
  const output = { ...terminal.output, isTTY: true };
  const coloured = (environment: Record<string, string>) =>
    usesColour({ ...terminal, output, environment });
  expect(usesColour(terminal)).toBe(false);
  expect(coloured({})).toBe(true);
  expect(coloured({ NO_COLOR: '1' })).toBe(false);
  expect(coloured({ NO_COLOR: '' })).toBe(true);
  expect(coloured({ TERM: 'dumb' })).toBe(false);
});
