import { Box, Stack, Text, UnstyledButton } from '@mantine/core';
import type { Answer } from '@tessera/server/contract';

type Months = Answer<'countExpiring'>;

/** One place of the strip: a month, or all that has ended. */
export type Place = {
  readonly name: string;
  readonly since: number | undefined;
  readonly until: number;
  readonly count: number;
};

const MONTH = new Intl.DateTimeFormat(undefined, { month: 'short', timeZone: 'UTC' });
const YEAR = new Intl.DateTimeFormat(undefined, { year: 'numeric', timeZone: 'UTC' });
const WHOLE = new Intl.DateTimeFormat(undefined, {
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const BAR = 96;
/** The server counts no further. */
const COUNTED_MAX = 1_000;

const dateOf = ({ until }: Place) => new Date((until - 1) * 1_000);

export const placesOf = ({ overdue, months }: Months): readonly Place[] => [
  { name: 'overdue', since: undefined, until: (months[0]?.since ?? 0) + 1, count: overdue },
  ...months.map(({ since, until, count }, index) => ({
    name: new Date((until - 1) * 1_000).toISOString().slice(0, 7),
    since: index === 0 ? since + 1 : since,
    until,
    count,
  })),
];

export const titleOf = (place: Place): string =>
  place.name === 'overdue' ? 'Overdue' : WHOLE.format(dateOf(place));

const formatCount = (count: number): string =>
  `${count.toLocaleString()}${count >= COUNTED_MAX ? '+' : ''}`;

/** Twelve months side by side, each as high as what ends in it. A month that is chosen is listed alone. */
export function MonthStrip({
  places,
  chosen,
  choose,
}: {
  readonly places: readonly Place[];
  readonly chosen: string | undefined;
  readonly choose: (name: string | undefined) => void;
}) {
  const highest = Math.max(1, ...places.map(({ count }) => count));
  return (
    <Box style={{ overflowX: 'auto' }} tabIndex={-1}>
      <Box
        role="group"
        aria-label="What ends in each month"
        miw={places.length * 58}
        style={{ display: 'grid', gridTemplateColumns: `repeat(${places.length}, 1fr)`, gap: 4 }}
      >
        {places.map((place, index) => (
          <Month
            key={place.name}
            place={place}
            share={place.count / highest}
            newYear={index === 1 || place.name.endsWith('-01')}
            soon={index === 1}
            pressed={chosen === place.name}
            press={() => choose(chosen === place.name ? undefined : place.name)}
          />
        ))}
      </Box>
    </Box>
  );
}

function Month({
  place,
  share,
  newYear,
  soon,
  pressed,
  press,
}: {
  readonly place: Place;
  readonly share: number;
  readonly newYear: boolean;
  readonly soon: boolean;
  readonly pressed: boolean;
  readonly press: () => void;
}) {
  const { count, name } = place;
  const overdue = name === 'overdue';
  const color = overdue ? 'red.7' : soon ? 'orange.6' : 'indigo.6';
  return (
    <UnstyledButton
      aria-pressed={pressed}
      title={`${titleOf(place)}: ${formatCount(count)}`}
      onClick={press}
      px={4}
      py="xs"
      style={{
        borderRadius: 8,
        ...(pressed && {
          background: 'var(--mantine-color-default-hover)',
          boxShadow: 'inset 0 0 0 1px var(--mantine-color-default-border)',
        }),
      }}
    >
      <Stack gap={6} align="center">
        <Stack h={BAR + 24} gap={4} w="100%" align="center" justify="flex-end">
          {count > 0 && (
            <Text size="sm" fw={600}>
              {formatCount(count)}
            </Text>
          )}
          <Box
            w="70%"
            maw={44}
            h={count > 0 ? Math.max(6, Math.round(share * BAR)) : 2}
            bg={count > 0 ? color : 'var(--mantine-color-default-border)'}
            style={{ borderRadius: 4 }}
          />
        </Stack>
        <Stack gap={0} align="center" mih={38}>
          <Text size="xs" fw={pressed || overdue ? 600 : 400}>
            {overdue ? 'Overdue' : MONTH.format(dateOf(place))}
          </Text>
          {!overdue && newYear && (
            <Text size="xs" c="dimmed">
              {YEAR.format(dateOf(place))}
            </Text>
          )}
        </Stack>
      </Stack>
    </UnstyledButton>
  );
}
