import '@mantine/charts/styles.css';
import { AreaChart } from '@mantine/charts';

/** Values over time as areas. */
export const Areas = ({
  points,
  series,
  unit = '',
  height = 220,
  type = 'default',
}: {
  readonly points: readonly Readonly<Record<string, string | number | null>>[];
  readonly series: readonly { readonly name: string; readonly color: string }[];
  readonly unit?: string;
  readonly height?: number;
  readonly type?: 'default' | 'stacked';
}) => (
  <AreaChart
    h={height}
    data={[...points]}
    dataKey="at"
    type={type}
    series={[...series]}
    withDots={false}
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
