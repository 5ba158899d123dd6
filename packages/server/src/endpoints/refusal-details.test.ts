import { expect, it } from 'vitest';
import { formatRandomText } from '../model/random-text.ts';
import { describeDetails } from './refusal-details.ts';

it('a reason and what it is about are told as they are', () => {
  expect(
    describeDetails({ reason: 'scope_not_granted', clientId: 'c', scope: ['a', 'b'] }),
  ).toEqual({ reason: 'scope_not_granted', clientId: 'c', scope: ['a', 'b'] });
  expect(describeDetails({ reason: 'failures_too_many', clientId: 'c', retryAfter: 6 })).toEqual({
    reason: 'failures_too_many',
    clientId: 'c',
    retryAfter: 6,
  });
});

it('a secret or a token that stands in the wrong field is left out', () => {
  for (const clientId of [
    ...(['tsk', 'tsa', 'tss', 'tsi', 'tsr'] as const).map((prefix) =>
      formatRandomText(prefix, new Uint8Array(32)),
    ),
    'eyJhbGciOiJFUzI1NiJ9.e30.x',
  ])
    expect(describeDetails({ reason: 'client_unknown', clientId })).toEqual({
      reason: 'client_unknown',
      clientId: '[looks like a secret]',
    });
});

it('what a caller made long is kept in part', () => {
  const scope = Array.from({ length: 5_000 }, () => 'x'.repeat(1_000));
  const details = describeDetails({ reason: 'scope_not_granted', clientId: 'c', scope });
  expect(JSON.stringify(details).length).toBeLessThan(3_000);
  expect(details['scope']).toContain('and 4990 more');
});
