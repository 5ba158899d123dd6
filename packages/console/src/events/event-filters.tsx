import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { SearchField } from '../parts/search-field.tsx';
import { useOpenApi } from '../reference/open-api.ts';
import { titleOf } from './describe-event.ts';
import type { EventSearch } from './event-search.ts';

const SPANS = [
  { value: '', label: 'Any time' },
  { value: '1', label: 'Last 24 hours' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
] as const;

/** Which events are shown; all of it is in the address. */
export function EventFilters({
  search,
  onChange,
}: {
  readonly search: EventSearch;
  readonly onChange: (next: EventSearch) => void;
}) {
  const types = useEventTypes();
  const { type = '', days } = search;
  const narrowed = Object.keys(search).some((name) => name !== 'event' && name !== 'at');
  return (
    <Group align="flex-end" gap="sm">
      <SearchField
        key={search.search === undefined ? 'empty' : 'some'}
        label="Search events"
        value={search.search ?? ''}
        onSearch={(text) => onChange({ ...search, search: text })}
      />
      <Select
        aria-label="Kind of event"
        placeholder="Every kind of event"
        data={types.map((value) => ({ value, label: titleOf(value) }))}
        value={type === '' ? null : type}
        onChange={(next) => onChange({ ...search, type: next ?? '' })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Every kind' }}
        w={220}
      />
      <Select
        aria-label="Span of time"
        data={[...SPANS]}
        value={days === undefined ? '' : String(days)}
        allowDeselect={false}
        onChange={(next) => onChange({ ...search, days: Number(next) })}
        w={160}
      />
      <IdField
        key={`actor ${search.actor === undefined}`}
        label="Done by (client or user id)"
        value={search.actor ?? ''}
        onChange={(actor) => onChange({ ...search, actor })}
      />
      <IdField
        key={`subject ${search.subject === undefined}`}
        label="Done to (client or other id)"
        value={search.subject ?? ''}
        onChange={(subject) => onChange({ ...search, subject })}
      />
      {narrowed && (
        <Button variant="subtle" color="gray" onClick={() => onChange({})}>
          Show all
        </Button>
      )}
    </Group>
  );
}

function IdField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  const later = useDebouncedCallback(onChange, 300);
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        later(currentTarget.value.trim());
      }}
      w={220}
    />
  );
}

/** From the server's own description: the console knows no list of its own. */
function useEventTypes(): readonly string[] {
  const { data } = useOpenApi();
  const operation = data?.paths['/api/realms/{realm}/events']?.['get'];
  const schema = operation?.parameters?.find(({ name }) => name === 'type')?.schema;
  return (schema?.enum ?? []).map(String);
}
