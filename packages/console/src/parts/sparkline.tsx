const BAR = 8;
const GAP = 3;
const HEIGHT = 26;

/** A few counts side by side, the last one today. Who does not see them is told the numbers. */
export function Sparkline({
  counts,
  of,
}: {
  readonly counts: readonly number[];
  /** What is counted. */
  readonly of: string;
}) {
  const highest = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const width = counts.length * (BAR + GAP) - GAP;
  const label = `${of}, the last ${counts.length} days: ${total === 0 ? 'none' : counts.map((count) => count.toLocaleString()).join(', ')}`;
  return (
    <svg role="img" aria-label={label} width={width} height={HEIGHT}>
      <title>{label}</title>
      {counts.map((count, index) => {
        const height = count === 0 ? 1 : Math.max(3, Math.round((count / highest) * HEIGHT));
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place in the row
            key={index}
            x={index * (BAR + GAP)}
            y={HEIGHT - height}
            width={BAR}
            height={height}
            rx={count === 0 ? 0 : 1.5}
            fill={
              count === 0
                ? 'var(--mantine-color-default-border)'
                : 'light-dark(var(--mantine-color-indigo-6), var(--mantine-color-indigo-4))'
            }
          />
        );
      })}
    </svg>
  );
}
