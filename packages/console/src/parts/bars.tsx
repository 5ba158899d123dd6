import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';

export type Bar = { readonly hour: string; readonly Issued: number; readonly Refused: number };

export const Bars = ({ bars }: { readonly bars: readonly Bar[] }) => (
  <BarChart
    h={240}
    data={[...bars]}
    dataKey="hour"
    type="stacked"
    series={[
      { name: 'Issued', color: 'indigo.6' },
      { name: 'Refused', color: 'orange.6' },
    ]}
    withLegend
    tickLine="y"
  />
);
