import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  choice,
  completed,
  differences,
  flag,
  number,
  readAttributes,
  secret,
  text,
  texts,
  wrap,
} from './attributes.ts';

const GROUPS = {
  core: {
    status: choice('Active', 'Inactive'),
    scopes: texts(),
    lifetime: number(60),
    password: secret(),
  },
  more: { on: flag(true), note: text(), script: text('[Empty]') },
} as const;

const read = (body: unknown) => readAttributes(GROUPS, body);
const values = (body: unknown) => {
  const result = read(body);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
};

describe('attributes of AM', () => {
  it('are as they are initially where nothing is said', () => {
    expect(values({})).toEqual({
      core: { status: 'Active', scopes: [], lifetime: 60, password: null },
      more: { on: true, note: null, script: '[Empty]' },
    });
  });

  it('come bare, wrapped, or as a mixture', () => {
    const body = { core: { scopes: { inherited: false, value: ['write'] }, lifetime: 5 } };
    expect(values(body).core).toMatchObject({ scopes: ['write'], lifetime: 5 });
  });

  it('are not what stands beside inherited', () => {
    const body = { core: { lifetime: { inherited: true, value: 5 } } };
    expect(values(body).core.lifetime).toBe(60);
  });

  it('are unset by null, or by a wrapper without a value, when they can be', () => {
    expect(values({ more: { script: null } }).more.script).toBeNull();
    expect(values({ more: { script: { inherited: false } } }).more.script).toBeNull();
    expect(values({ core: { lifetime: null } }).core.lifetime).toBe(60);
  });

  it('are as they were, where there is something that they were', () => {
    const base = values({ core: { lifetime: 5 }, more: { note: 'x' } });
    const result = readAttributes(GROUPS, { core: { scopes: ['a'] } }, base);
    expect(result).toMatchObject({
      ok: true,
      value: { core: { lifetime: 5, scopes: ['a'] }, more: { note: 'x' } },
    });
  });

  it.each([
    [[], 'The body must be a JSON object.'],
    [{ other: {} }, 'Invalid attribute specified.'],
    [{ core: { other: 1 } }, 'Invalid attribute specified.'],
    [{ core: { constructor: 1 } }, 'Invalid attribute specified.'],
    [{ core: 'x' }, 'core must be an object.'],
    [{ core: { status: 'active' } }, 'core/status must be one of Active, Inactive.'],
    [{ core: { lifetime: 1.5 } }, 'core/lifetime must be a whole number.'],
    [{ core: { scopes: [null] } }, 'core/scopes must be a list of at most 1000 strings.'],
    [{ more: { on: 'true' } }, 'more/on must be true or false.'],
  ])('are refused by name: %j', (body, message) => {
    expect(read(body)).toMatchObject({ ok: false, refusal: { code: 400, message } });
  });

  it('are kept by what differs, never with a secret, and completed to what they were', () => {
    const given = values({ core: { lifetime: 5, password: 'p' }, more: { note: 'x' } });
    const kept = differences(GROUPS, given);
    expect(kept).toEqual({ core: { lifetime: 5 }, more: { note: 'x' } });
    expect(completed(GROUPS, kept)).toEqual({
      ...given,
      core: { ...given.core, password: null },
    });
  });

  it('are read back from their wrapped form, whatever they are', () => {
    const any = fc.record({
      core: fc.record({ scopes: fc.array(fc.string()), lifetime: fc.integer() }),
      more: fc.record({ on: fc.boolean(), note: fc.option(fc.string()) }),
    });
    fc.assert(
      fc.property(any, (body) => {
        const once = values(body);
        expect(values(wrap(once, new Set()))).toEqual(once);
      }),
    );
  });

  it('are read or refused, and never throw', () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => void read(body)));
    fc.assert(fc.property(fc.jsonValue(), (group) => void read({ core: group })));
  });
});
