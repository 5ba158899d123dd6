import { Group, NumberInput, type NumberInputProps, Select } from '@mantine/core';
import { useState } from 'react';

const UNITS = [
  { value: '1', label: 'seconds' },
  { value: '60', label: 'minutes' },
  { value: '3600', label: 'hours' },
  { value: '86400', label: 'days' },
] as const;

/** The largest unit that a length of time is a whole number of. */
const unitOf = (seconds: number): string =>
  UNITS.findLast(({ value }) => seconds % Number(value) === 0)?.value ?? '1';

/** A length of time in a unit that people choose; its value is in seconds, or empty. */
export function DurationInput({
  value,
  onChange,
  label,
  ...props
}: Omit<NumberInputProps, 'value' | 'onChange' | 'label'> & {
  readonly label: string;
  readonly value?: number | '';
  readonly onChange?: (seconds: number | '') => void;
}) {
  const [unit, setUnit] = useState(typeof value === 'number' ? unitOf(value) : '86400');
  const size = Number(unit);
  return (
    <Group gap={6} align="flex-end" wrap="nowrap">
      <NumberInput
        label={label}
        min={1}
        allowDecimal={false}
        style={{ flex: 1 }}
        {...props}
        value={typeof value === 'number' ? value / size : ''}
        onChange={(typed) => onChange?.(typeof typed === 'number' ? typed * size : '')}
      />
      <Select
        aria-label={`Unit of: ${label}`}
        data={[...UNITS]}
        allowDeselect={false}
        value={unit}
        w={110}
        onChange={(next) => {
          if (next === null) return;
          setUnit(next);
          if (typeof value === 'number') onChange?.((value / size) * Number(next));
        }}
      />
    </Group>
  );
}
