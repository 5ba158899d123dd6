import '@mantine/charts/styles.css';
import { AreaChart } from '@mantine/charts';

/** Values over time as areas. */
export const Areas = ({
  points,
  series,
  unit = '',
  height = 220,
}: {
  readonly points: readonly Readonly<Record<string, string | number | null>>[];
  readonly series: readonly { readonly name: string; readonly color: string }[];
  readonly unit?: string;
  readonly height?: number;
}) => (
  <AreaChart
    h={height}
    data={[...points]}
    dataKey="at"
    series={[...series]}
    // A minute between minutes without a value is a point, and no line leads to it.
    dotProps={{ r: 2, strokeWidth: 0 }}
    withLegend
    legendProps={{ position: 'bottom' }}
    curveType="monotone"
    connectNulls={false}
    tickLine="none"
    yAxisProps={{ width: 64 }}
    fillOpacity={0.15}
    strokeWidth={2}
    valueFormatter={(value) => `${value.toLocaleString()}${unit}`}
    areaProps={{ isAnimationActive: false }}
  />
);
