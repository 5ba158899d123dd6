import { Anchor, Card } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useIssuer } from '../applications/use-token-endpoint.ts';
import { useRealm } from '../frame/use-realm.ts';
import { CopyLine } from '../parts/copy-text.tsx';

/** What every machine and API of the realm is configured with. */
export function IssuerCard() {
  const realm = useRealm();
  const issuer = useIssuer();
  if (issuer === undefined) return null;
  return (
    <Card withBorder component="section" aria-label="Issuer">
      <CopyLine label="Issuer" value={issuer} />
      <Anchor
        size="sm"
        mt="xs"
        renderRoot={(props) => <Link to="/realms/$realm/discovery" params={{ realm }} {...props} />}
      >
        Its endpoints, metadata and keys
      </Anchor>
    </Card>
  );
}
