import { Badge, Box, Group, Stack, Text, Tooltip } from '@mantine/core';
import type { Lane, Span } from './key-spans.ts';

const DAY = 86_400;
const COLORS = { published: 'blue.6', signing: 'teal.7', retired: 'gray.5' } as const;
const WORDS = {
  published: 'Published, so that caches have it before it signs',
  signing: 'Signs tokens',
  retired: 'Signs no more; its tokens are still verified',
} as const;
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const SHORT = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const format = (at: number) => DATE.format(new Date(at * 1_000));

/** The keys of a realm on one line of time, a lane for each. The table below says the same in words. */
export function KeyTimeline({
  lanes,
  now,
}: {
  readonly lanes: readonly Lane[];
  readonly now: number;
}) {
  const spans = lanes.flatMap((lane) => lane.spans);
  const first = Math.min(now - 7 * DAY, ...spans.map(({ from }) => from));
  const last = Math.max(now + 7 * DAY, ...spans.map(({ until }) => until));
  const margin = (last - first) * 0.03;
  const [begin, end] = [first - margin, last + margin];
  const place = (at: number) => ((at - begin) / (end - begin)) * 100;
  const ticks = Array.from(
    { length: 5 },
    (_, index) => begin + ((end - begin) * (index + 0.5)) / 5,
  );
  return (
    <Stack gap="md">
      <Group gap="lg">
        {(['published', 'signing', 'retired'] as const).map((state) => (
          <Group key={state} gap={6} wrap="nowrap">
            <Box w={14} h={14} bg={COLORS[state]} style={{ borderRadius: 4, flex: 'none' }} />
            <Text size="sm">{WORDS[state]}</Text>
          </Group>
        ))}
      </Group>
      <Box
        role="img"
        aria-label={`Timeline of ${lanes.length} signing keys. The table below has the same in words.`}
        style={{ overflowX: 'auto' }}
      >
        <Stack gap="sm" miw={560} pos="relative" pt={22} pb={24}>
          {lanes.map(({ key, spans: own }) => (
            <Group key={key.kid} gap="sm" wrap="nowrap">
              <Stack gap={2} w={104} style={{ flex: 'none' }}>
                <Text size="sm" fw={600}>
                  {key.algorithm}
                </Text>
                <Text size="xs" c="dimmed" ff="monospace">
                  {key.kid.slice(0, 8)}…
                </Text>
              </Stack>
              <Box
                pos="relative"
                h={30}
                style={{ flex: 1 }}
                bg="var(--mantine-color-default-hover)"
              >
                {own.map((span) => (
                  <Bar key={span.state} span={span} place={place} />
                ))}
              </Box>
            </Group>
          ))}
          <Box
            pos="absolute"
            top={0}
            bottom={0}
            left={116}
            right={0}
            style={{ pointerEvents: 'none' }}
          >
            <Mark at={place(now)} label="now" />
            {ticks.map((at) => (
              <Text
                key={at}
                size="xs"
                c="dimmed"
                pos="absolute"
                bottom={0}
                style={{ left: `${place(at)}%`, transform: 'translateX(-50%)' }}
              >
                {SHORT.format(new Date(at * 1_000))}
              </Text>
            ))}
          </Box>
        </Stack>
      </Box>
    </Stack>
  );
}

function Bar({ span, place }: { readonly span: Span; readonly place: (at: number) => number }) {
  const { state, from, until, expected } = span;
  const left = place(from);
  return (
    <Tooltip
      label={`${WORDS[state]}: ${format(from)} – ${expected ? 'expected until ' : ''}${format(until)}`}
      multiline
      maw={320}
    >
      <Box
        pos="absolute"
        top={4}
        h={22}
        bg={COLORS[state]}
        opacity={expected ? 0.85 : 1}
        style={{
          left: `${left}%`,
          width: `max(4px, ${place(until) - left}%)`,
          borderRadius: 5,
          ...(expected && { maskImage: 'linear-gradient(90deg, #000 70%, rgba(0,0,0,.35))' }),
        }}
      />
    </Tooltip>
  );
}

function Mark({ at, label }: { readonly at: number; readonly label: string }) {
  return (
    <Box pos="absolute" top={0} bottom={20} style={{ left: `${at}%` }}>
      <Box
        pos="absolute"
        top={16}
        bottom={0}
        w={2}
        bg="red.7"
        style={{ transform: 'translateX(-1px)' }}
      />
      <Badge
        size="xs"
        color="red.9"
        pos="absolute"
        w="max-content"
        miw={36}
        style={{ transform: 'translateX(-50%)' }}
      >
        {label}
      </Badge>
    </Box>
  );
}
