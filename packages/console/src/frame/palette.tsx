import '@mantine/spotlight/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { MagnifyingGlassIcon } from '@radix-ui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useSession } from '../session/use-session.ts';
import { screensFor } from './screens.ts';

/** Ctrl K: every screen and, by name or id, every application and user of the realm. */
export function Palette({ realm }: { readonly realm: string }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 150);
  const enabled = search.length > 1;
  const question = { params: { realm }, query: { search, limit: 6 } };
  const applications = useAnswer('listApplications', question, { enabled });
  const users = useAnswer('listUsers', question, { enabled });
  const params = { realm };
  const session = useSession();
  const screens: SpotlightActionData[] = [
    ...screensFor(session).flatMap(({ title, screens: ofSection }) =>
      ofSection.map(({ to, label }) => ({
        id: to,
        label,
        description: title,
        onClick: () => navigate({ to, params }),
      })),
    ),
    {
      id: 'new',
      label: 'New application',
      description: 'Name, client, secret, token',
      onClick: () => navigate({ to: '/realms/$realm/applications', params, search: { new: true } }),
    },
  ];
  const found: SpotlightActionData[] = enabled
    ? [
        ...(applications.data?.items ?? []).map(({ id, name, clientId }) => ({
          id: `application ${id}`,
          label: name,
          description: `Application, client ${clientId}`,
          keywords: search,
          onClick: () =>
            navigate({
              to: '/realms/$realm/applications/$applicationId',
              params: { realm, applicationId: id },
            }),
        })),
        ...(users.data?.items ?? []).map(({ id, userName, givenName, familyName }) => ({
          id: `user ${id}`,
          label: userName,
          description: `User ${givenName} ${familyName}`,
          keywords: search,
          onClick: () =>
            navigate({ to: '/realms/$realm/users/$userId', params: { realm, userId: id } }),
        })),
      ]
    : [];
  return (
    <Spotlight
      actions={[...found, ...screens]}
      query={text}
      onQueryChange={setText}
      // The frame listens for Ctrl K: from the first moment, which this is loaded after.
      shortcut={null}
      nothingFound="Nothing has this in its name or id"
      highlightQuery
      limit={15}
      searchProps={{
        leftSection: <MagnifyingGlassIcon />,
        placeholder: 'Applications, clients, users, screens',
        'aria-label': 'Search',
      }}
    />
  );
}
