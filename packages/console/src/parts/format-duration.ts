const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

const FORMATS = new Map(
  UNITS.map(([unit]) => [
    unit,
    new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long' }),
  ]),
);

/** Seconds as people say them: `1 hour 30 minutes`. */
export function formatDuration(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count === 0) continue;
    parts.push(FORMATS.get(unit)?.format(count) ?? '');
    rest -= count * size;
  }
  return parts.length === 0 ? (FORMATS.get('second')?.format(0) ?? '') : parts.join(' ');
}
