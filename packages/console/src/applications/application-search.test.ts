import { describe, expect, it } from 'vitest';
import {
  describeApplicationQuery,
  isNarrowed,
  readApplicationSearch,
} from './application-search.ts';

describe('what the list of applications is narrowed to', () => {
  it('is read from an address, and what means nothing is left out', () => {
    expect(
      readApplicationSearch({ search: 'invoices', status: 'disabled', unused: 90, expiring: 30 }),
    ).toEqual({ search: 'invoices', status: 'disabled', unused: 90, expiring: 30 });
    expect(
      readApplicationSearch({ search: '', status: 'gone', unused: -1, expiring: 'soon', other: 1 }),
    ).toEqual({});
    expect(readApplicationSearch({ unused: 1e9, expiring: 1.5, new: 'true' })).toEqual({});
  });

  it('keeps a search that looks like a number', () => {
    expect(readApplicationSearch({ search: 2026 })).toEqual({ search: '2026' });
  });

  it('is asked by the day', () => {
    const noon = 20_000 * 86_400 + 43_200;
    expect(describeApplicationQuery({ status: 'enabled', unused: 90, expiring: 7 }, noon)).toEqual({
      search: undefined,
      enabled: 'true',
      unusedSince: (20_000 - 90) * 86_400,
      expiringBefore: (20_000 + 8) * 86_400,
    });
  });

  it('is not narrowed by an open dialog', () => {
    expect(isNarrowed({ new: true })).toBe(false);
    expect(isNarrowed({ status: 'enabled' })).toBe(true);
  });
});
