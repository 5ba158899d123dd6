import { MultiSelect, type MultiSelectProps, Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { usePermission } from '../session/use-session.ts';

/** What the server finds for what is typed, beside what is chosen already. */
function useFound(chosen: readonly string[]) {
  const realm = useRealm();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 200);
  const asked = chosen.includes(search) ? '' : search;
  const every = usePermission('clients:read');
  const question = { params: { realm }, query: { search: asked, limit: 20 } };
  const clients = useAnswer('listClients', question, { enabled: every });
  // Owners find those of their applications.
  const applications = useAnswer('listApplications', question, { enabled: !every });
  const found = every ? clients : applications;
  const items = found.data?.items ?? [];
  const known = new Set(items.map(({ clientId }) => clientId));
  return {
    text,
    setText,
    nothing: found.isFetching ? 'Searching …' : 'No client has this in its name or id',
    data: [
      ...items.map(({ clientId, name }) => ({
        value: clientId,
        label: name === clientId ? clientId : `${name} (${clientId})`,
      })),
      ...chosen.filter((id) => !known.has(id)).map((id) => ({ value: id, label: id })),
    ],
  };
}

type Common<Props> = Omit<Props, 'data' | 'searchable' | 'searchValue' | 'onSearchChange'>;

/** Chooses a client of the realm by typing. The server searches, so it works for any number. */
export function ClientPicker({ value, ...props }: Common<SelectProps>) {
  const { text, setText, data, nothing } = useFound(typeof value === 'string' ? [value] : []);
  return (
    <Select
      placeholder="Type to search for a client"
      {...props}
      value={value ?? null}
      data={data}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      nothingFoundMessage={nothing}
    />
  );
}

/** The same for several of them. */
export function ClientsPicker({ value = [], ...props }: Common<MultiSelectProps>) {
  const { text, setText, data, nothing } = useFound(value);
  return (
    <MultiSelect
      placeholder={value.length === 0 ? 'Type to search for clients' : ''}
      {...props}
      value={value}
      data={data}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      hidePickedOptions
      nothingFoundMessage={nothing}
    />
  );
}
