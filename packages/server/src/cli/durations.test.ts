import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, parseInstant } from './durations.ts';

describe('a length of time', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['15m', 900],
    ['24h', 86_400],
    ['7d', 604_800],
    ['2w', 1_209_600],
    ['0', 0],
    ['', undefined],
    ['-1', undefined],
    ['1.5h', undefined],
    ['1 h', undefined],
    ['1y', undefined],
  ])('%j is %j seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [61, '1 min 1 s'],
    [3600, '1 h'],
    [90_061, '1 d 1 h'],
    [-5, '0 s'],
  ])('%j seconds are read as %j', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('an instant', () => {
  it.each([
    ['2027-01-31', 1_801_353_600],
    ['2027-01-31T12:00:00Z', 1_801_396_800],
    ['2027-01-31T12:00:00+01:00', 1_801_393_200],
    ['1801396800', 1_801_396_800],
    ['yesterday', undefined],
    ['2027-13-01', undefined],
    ['2027', undefined],
    ['12:00', undefined],
  ])('%j is %j', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });
});
