import { Box, Group, Text, Tooltip } from '@mantine/core';
import type { Held } from './held.ts';

const DAY = 86_400;
const BEFORE = 90 * DAY;
const AFTER = 90 * DAY;
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

const COLORS = { secret: 'orange', key: 'teal', certificate: 'indigo', workload: 'grape' } as const;

/** From when to when each credential is good, around now, and when each was used last. */
export function Timeline({ items }: { readonly items: readonly Held[] }) {
  const now = Date.now() / 1_000;
  const from = now - BEFORE;
  const place = (at: number): number =>
    Math.min(100, Math.max(0, ((at - from) / (BEFORE + AFTER)) * 100));
  return (
    <Box
      component="figure"
      m={0}
      aria-label="When each credential is good, and when it was used last"
    >
      <Group justify="space-between" mb={6} aria-hidden>
        {[from, now, now + AFTER].map((at, index) => (
          <Text key={at} size="xs" c="dimmed">
            {index === 1 ? 'Now' : DATE.format(at * 1_000)}
          </Text>
        ))}
      </Group>
      <Box style={{ position: 'relative' }}>
        {items.map((held) => {
          const start = place(held.createdAt);
          const end = held.expiresAt === null ? 100 : place(held.expiresAt);
          const color = held.active ? COLORS[held.kind] : 'gray';
          return (
            <Tooltip key={`${held.kind} ${held.id}`} label={describe(held)} multiline maw={320}>
              <Box style={{ position: 'relative', height: 30 }}>
                <Box
                  style={{
                    position: 'absolute',
                    left: `${start}%`,
                    width: `max(6px, ${end - start}%)`,
                    top: 4,
                    height: 22,
                    borderRadius: 'var(--mantine-radius-sm)',
                    border: `1px solid var(--mantine-color-${color}-5)`,
                    background: `var(--mantine-color-${color}-light)`,
                    ...(held.expiresAt === null && {
                      borderRight: 'none',
                      borderTopRightRadius: 0,
                      borderBottomRightRadius: 0,
                    }),
                  }}
                />
                {held.lastUsedAt !== null && held.lastUsedAt > from && (
                  <Box
                    style={{
                      position: 'absolute',
                      left: `calc(${place(held.lastUsedAt)}% - 5px)`,
                      top: 10,
                      width: 10,
                      height: 10,
                      borderRadius: 5,
                      background: `var(--mantine-color-${color}-filled)`,
                    }}
                  />
                )}
                <Text
                  size="xs"
                  truncate
                  style={{
                    position: 'absolute',
                    left: `calc(${Math.min(start, 60)}% + 8px)`,
                    right: 12,
                    top: 6,
                  }}
                >
                  {held.title}
                </Text>
              </Box>
            </Tooltip>
          );
        })}
        <Box
          aria-hidden
          style={{
            position: 'absolute',
            left: '50%',
            top: 0,
            bottom: 0,
            borderLeft: '1px dashed var(--mantine-color-dimmed)',
          }}
        />
      </Box>
    </Box>
  );
}

function describe({ what, title, createdAt, expiresAt, lastUsedAt }: Held): string {
  const end = expiresAt === null ? 'does not expire' : `until ${DATE.format(expiresAt * 1_000)}`;
  const used = lastUsedAt === null ? 'never used' : `last used ${DATE.format(lastUsedAt * 1_000)}`;
  return `${title}: ${what}, from ${DATE.format(createdAt * 1_000)}, ${end}, ${used}`;
}
