import { Group, NumberInput, Select } from '@mantine/core';
import { useState } from 'react';

const KEEP = { value: 'keep', label: 'Until they expire by themselves' };

const CHOICES = [
  { value: '0', label: 'Not at all: they end now' },
  { value: '3600', label: 'For an hour' },
  { value: '86400', label: 'For a day' },
  { value: '604800', label: 'For a week' },
  { value: 'custom', label: 'For so many hours …' },
];

/** How long what is replaced goes on working, seconds; undefined: it is left as it is. */
export function OverlapChoice({
  label = 'Earlier ones of this kind go on working',
  description,
  initial,
  onChange,
}: {
  readonly label?: string;
  readonly description?: string;
  /** One of the choices; undefined: they may be left as they are, and are. */
  readonly initial?: number;
  readonly onChange: (overlap: number | undefined) => void;
}) {
  const [choice, setChoice] = useState(initial === undefined ? 'keep' : String(initial));
  const [hours, setHours] = useState<number | string>(48);
  const tell = (next: string, custom: number | string) =>
    onChange(
      next === 'keep' ? undefined : next === 'custom' ? Number(custom) * 3_600 : Number(next),
    );
  return (
    <Group align="flex-end" grow preventGrowOverflow={false}>
      <Select
        label={label}
        description={description}
        data={initial === undefined ? [KEEP, ...CHOICES] : CHOICES}
        value={choice}
        allowDeselect={false}
        onChange={(next) => {
          if (next === null) return;
          setChoice(next);
          tell(next, hours);
        }}
      />
      {choice === 'custom' && (
        <NumberInput
          label="Hours"
          min={1}
          max={2_160}
          allowDecimal={false}
          value={hours}
          onChange={(next) => {
            setHours(next);
            tell(choice, next);
          }}
        />
      )}
    </Group>
  );
}
