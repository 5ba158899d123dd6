import { Box, Button, Group, Select } from '@mantine/core';
import { SearchField } from '../parts/search-field.tsx';
import { type ApplicationSearch, isNarrowed } from './application-search.ts';

const STATES = [
  { value: '', label: 'Any status' },
  { value: 'enabled', label: 'Enabled' },
  { value: 'disabled', label: 'Disabled' },
] as const;

/** Choices of days, with the one that the address names, whoever wrote it. */
const choicesOf = (
  unnarrowed: string,
  label: (days: number) => string,
  days: readonly number[],
) => [
  { value: '', label: unnarrowed },
  ...days.map((count) => ({ value: String(count), label: label(count) })),
];

const withChosen = (days: readonly number[], chosen: number | undefined): readonly number[] =>
  chosen === undefined || days.includes(chosen)
    ? days
    : [...days, chosen].sort((one, other) => one - other);

/** Which applications are shown. */
export function ApplicationFilters({
  search,
  onChange,
}: {
  readonly search: ApplicationSearch;
  readonly onChange: (next: ApplicationSearch) => void;
}) {
  /** Without a part, the rest stays. */
  const change = (part: keyof ApplicationSearch, value: string | number | undefined) => {
    const { [part]: _before, ...rest } = search;
    onChange(value === undefined ? rest : { ...rest, [part]: value });
  };
  const days = (value: string | null) =>
    value === null || value === '' ? undefined : Number(value);
  const { status, unused, expiring } = search;
  return (
    <Group gap="sm">
      <Box flex="2 1 220px" maw={420}>
        <SearchField
          key={search.search === undefined ? 'empty' : 'some'}
          label="Search applications"
          value={search.search ?? ''}
          onSearch={(text) => change('search', text === '' ? undefined : text)}
        />
      </Box>
      <Select
        aria-label="Status"
        data={[...STATES]}
        value={status ?? ''}
        allowDeselect={false}
        onChange={(value) => change('status', value === '' || value === null ? undefined : value)}
        flex="1 1 140px"
        maw={{ sm: 240 }}
      />
      <Select
        aria-label="Last use"
        data={choicesOf(
          'Used or not',
          (count) => `Unused for ${count} days`,
          withChosen([30, 90, 365], unused),
        )}
        value={unused === undefined ? '' : String(unused)}
        allowDeselect={false}
        onChange={(value) => change('unused', days(value))}
        flex="1 1 190px"
        maw={{ sm: 240 }}
      />
      <Select
        aria-label="Expiry"
        data={choicesOf(
          'Any expiry',
          (count) => `Expires in ${count} days`,
          withChosen([7, 30, 90], expiring),
        )}
        value={expiring === undefined ? '' : String(expiring)}
        allowDeselect={false}
        onChange={(value) => change('expiring', days(value))}
        flex="1 1 180px"
        maw={{ sm: 240 }}
      />
      {isNarrowed(search) && (
        <Button variant="subtle" color="gray" onClick={() => onChange({})}>
          Show all
        </Button>
      )}
    </Group>
  );
}
