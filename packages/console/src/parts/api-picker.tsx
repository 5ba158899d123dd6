import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';

/** Chooses an API of the realm by typing. The server searches. */
export function ApiPicker({
  value,
  ...props
}: Omit<SelectProps, 'data' | 'searchable' | 'searchValue' | 'onSearchChange'>) {
  const realm = useRealm();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 200);
  const id = typeof value === 'string' ? value : '';
  const chosen = useAnswer('findApi', { params: { realm, apiId: id } }, { enabled: id !== '' });
  // What stands in the field once something is chosen is its name, and no search.
  const query = { search: search === chosen.data?.name ? '' : search, limit: 20 };
  const found = useAnswer('listApis', { params: { realm }, query });
  const items = [...(found.data?.items ?? []), ...(chosen.data === undefined ? [] : [chosen.data])];
  const names = new Map(items.map((api) => [api.id, api.name]));
  return (
    <Select
      placeholder="Type to search for an API"
      allowDeselect={false}
      {...props}
      value={value ?? null}
      data={[...names].map(([value, label]) => ({ value, label }))}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      nothingFoundMessage={found.isFetching ? 'Searching …' : 'No API has this in its name'}
    />
  );
}
