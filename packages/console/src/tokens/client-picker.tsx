import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { usePermission } from '../session/use-session.ts';

/** Chooses a client by typing. The server searches; owners find those of their applications. */
export function ClientPicker({
  value,
  onChoose,
}: {
  readonly value: string;
  readonly onChoose: (clientId: string) => void;
}) {
  const realm = useRealm();
  const every = usePermission('clients:read');
  const [text, setText] = useState(value);
  const [search] = useDebouncedValue(text === value ? '' : text.trim(), 200);
  const question = { params: { realm }, query: { search, limit: 20 } };
  const clients = useAnswer('listClients', question, { enabled: every });
  const applications = useAnswer('listApplications', question, { enabled: !every });
  const found = every ? clients.data?.items : applications.data?.items;
  const data = (found ?? []).map(({ clientId, name }) => ({
    value: clientId,
    label: name === clientId ? clientId : `${clientId} (${name})`,
  }));
  const known = value === '' || data.some((one) => one.value === value);
  return (
    <Select
      label="Client"
      placeholder="Type to search"
      value={value === '' ? null : value}
      data={known ? data : [{ value, label: value }, ...data]}
      searchable
      allowDeselect={false}
      onSearchChange={setText}
      // The server has searched already, in names that are not shown too.
      filter={({ options }) => options}
      nothingFoundMessage={
        clients.isFetching || applications.isFetching ? 'Searching …' : 'No client has this'
      }
      onChange={(chosen) => {
        if (chosen !== null) onChoose(chosen);
      }}
    />
  );
}
