import { expect, it } from 'vitest';
import { isRealmName, realmPath } from './realm.ts';

it.each(['alpha', 'a', '0', 'my-realm', 'a'.repeat(63)])('%j can be a realm', (name) => {
  expect(isRealmName(name)).toBe(true);
});

it.each([
  '',
  'Alpha',
  'root',
  'realms',
  'access_token',
  '-a',
  'a-',
  'a/b',
  'a.b',
  'a%62',
  'аlpha', // Cyrillic а
  'alpha\n',
  'a'.repeat(64),
  '__proto__',
])('%j cannot be a realm', (name) => {
  expect(isRealmName(name)).toBe(false);
});

it('paths are those of PingAM', () => {
  expect(realmPath('root')).toBe('/');
  expect(realmPath('alpha')).toBe('/alpha');
});
