import { Anchor, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { Dialog } from '../parts/dialog.tsx';
import { RolesOf } from './roles-of.tsx';

/** Chooses a user of the realm by typing, then the roles. */
export function AddAdministrator({
  realm,
  opened,
  onClose,
}: {
  readonly realm: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 200);
  const found = useAnswer(
    'listUsers',
    { params: { realm }, query: { search, limit: 20 } },
    { enabled: opened },
  );
  const person = useAnswer(
    'findUser',
    { params: { realm, userId: chosen ?? '' } },
    { enabled: chosen !== null },
  );
  const end = () => {
    setChosen(null);
    setText('');
    onClose();
  };
  return (
    <Dialog opened={opened} onClose={end} title="Give somebody a role">
      <Stack>
        <Select
          label="Person"
          placeholder="Type to search"
          data={(found.data?.items ?? []).map(({ id, userName }) => ({
            value: id,
            label: userName,
          }))}
          value={chosen}
          onChange={setChosen}
          searchable
          searchValue={text}
          onSearchChange={setText}
          filter={({ options }) => options}
          nothingFoundMessage={found.isFetching ? 'Searching …' : 'No user has this in the name'}
          data-autofocus
        />
        <Text size="sm" c="dimmed">
          Somebody who has no profile yet needs one first:{' '}
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link
                to="/realms/$realm/users"
                params={{ realm }}
                search={{ new: true }}
                {...props}
              />
            )}
          >
            New user
          </Anchor>
        </Text>
        {person.data !== undefined && (
          <RolesOf key={person.data.id} realm={realm} person={person.data} onSaved={end} />
        )}
      </Stack>
    </Dialog>
  );
}
