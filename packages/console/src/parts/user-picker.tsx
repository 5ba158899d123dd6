import { MultiSelect, type MultiSelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';

type User = {
  readonly id: string;
  readonly userName: string;
  readonly givenName: string;
  readonly familyName: string;
};

const nameOf = ({ userName, givenName, familyName }: User): string => {
  const full = `${givenName} ${familyName}`.trim();
  return full === '' ? userName : `${userName} (${full})`;
};

/** Chooses users of the realm by typing. The server searches, so it works for any number of them. */
export function UserPicker({ value: ids, ...props }: MultiSelectProps) {
  const value: readonly string[] = ids ?? [];
  const realm = useRealm();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 200);
  const found = useAnswer('listUsers', { params: { realm }, query: { search, limit: 20 } });
  const chosen = useQueries({
    queries: value.map((userId) => ({
      queryKey: ['findUser', { realm, userId }, {}],
      queryFn: () => call('findUser', { params: { realm, userId } }),
      staleTime: 60_000,
    })),
  });
  const users = new Map<string, string>();
  for (const user of found.data?.items ?? []) users.set(user.id, nameOf(user));
  for (const [index, id] of value.entries()) {
    const user = chosen[index]?.data;
    users.set(id, user === undefined ? (users.get(id) ?? id) : nameOf(user));
  }
  return (
    <MultiSelect
      {...props}
      value={[...value]}
      data={[...users].map(([id, label]) => ({ value: id, label }))}
      searchable
      searchValue={text}
      onSearchChange={setText}
      // The server has searched already, in names that are not shown too.
      filter={({ options }) => options}
      hidePickedOptions
      placeholder={value.length === 0 ? 'Type to search for User' : ''}
      nothingFoundMessage={found.isFetching ? 'Searching …' : 'No user has this in the name'}
    />
  );
}
