import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** A client by its name, with its id where that is another; to the application it belongs to. */
export function ClientLink({
  realm,
  clientId,
  name,
}: {
  readonly realm: string;
  readonly clientId: string;
  readonly name: string;
}) {
  return (
    <>
      <Anchor
        size="sm"
        renderRoot={(props) => (
          <Link
            to="/realms/$realm/applications"
            params={{ realm }}
            search={{ search: clientId }}
            {...props}
          />
        )}
      >
        {name}
      </Anchor>
      {name !== clientId && (
        <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {clientId}
        </Text>
      )}
    </>
  );
}
