import { Text, Tooltip } from '@mantine/core';

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** Seconds since 1970, as people say it. */
function formatInstant(at: number, now = Date.now() / 1_000): string {
  const distance = at - now;
  for (const [unit, seconds] of UNITS)
    if (Math.abs(distance) >= seconds) return RELATIVE.format(Math.round(distance / seconds), unit);
  return RELATIVE.format(Math.round(distance), 'second');
}

export function Instant({ at }: { readonly at: number | null }) {
  if (at === null || at === 0)
    return (
      <Text span c="dimmed">
        –
      </Text>
    );
  const date = new Date(at * 1_000);
  return (
    <Tooltip label={EXACT.format(date)}>
      <time dateTime={date.toISOString()}>{formatInstant(at)}</time>
    </Tooltip>
  );
}
