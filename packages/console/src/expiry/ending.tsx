import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Answer } from '@tessera/server/contract';
import { useRealm } from '../frame/use-realm.ts';

/** Something that ends, as the server lists it. */
export type Ending = Answer<'listExpiring'>['items'][number];

export const ENDING_KINDS: Readonly<Record<Ending['kind'], string>> = {
  secret: 'Secret',
  public_key: 'Public key',
  jwks_uri: 'Key set address',
  certificate: 'Certificate',
  certificate_subject: 'Certificate subject',
  trusted_issuer: 'Workload',
  trusted_authority: 'Certificate authority',
  signing_key: 'Signing key',
};

/** Where it is replaced. */
export function EndingOwner({ ending }: { readonly ending: Ending }) {
  const realm = useRealm();
  const { application, clientId, kind } = ending;
  if (application !== null)
    return (
      <Anchor
        size="sm"
        renderRoot={(props) => (
          <Link
            to="/realms/$realm/applications/$applicationId"
            params={{ realm, applicationId: application.id }}
            search={{ tab: 'sign-on' }}
            {...props}
          />
        )}
      >
        {application.name}
      </Anchor>
    );
  if (clientId !== null)
    return (
      <Text size="sm" ff="monospace">
        {clientId}
      </Text>
    );
  const to = kind === 'signing_key' ? '/realms/$realm/signing-keys' : '/realms/$realm/trust';
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to={to} params={{ realm }} {...props} />}>
      This realm
    </Anchor>
  );
}
