import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';

/** Bars by time, a colour for each series. */
export const StackedBars = ({
  bars,
  series,
  height = 220,
}: {
  readonly bars: readonly Readonly<Record<string, string | number>>[];
  readonly series: readonly { readonly name: string; readonly color: string }[];
  readonly height?: number;
}) => (
  <BarChart
    h={height}
    data={[...bars]}
    dataKey="at"
    type="stacked"
    series={[...series]}
    withLegend
    legendProps={{ position: 'bottom' }}
    tickLine="none"
    yAxisProps={{ allowDecimals: false }}
    valueFormatter={(value) => value.toLocaleString()}
    barProps={{ isAnimationActive: false }}
  />
);
