import { Anchor, Badge, Group, Text, Tooltip } from '@mantine/core';
import { LockClosedIcon } from '@radix-ui/react-icons';
import { Link } from '@tanstack/react-router';
import { useRealm } from '../frame/use-realm.ts';
import { CopyIconButton } from '../parts/copy-text.tsx';
import { Instant } from '../parts/instant.tsx';
import { METHOD_NAMES, type Summary } from './summary.ts';

type Of = { readonly summary: Summary };

const KEYED: ReadonlySet<Summary['authenticationMethod']> = new Set([
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
]);
const SHOWN = 2;
/** Sooner than this somebody has to do something. */
const SOON_SECONDS = 30 * 86_400;

export function NameLink({ summary: { id, name } }: Of) {
  const realm = useRealm();
  return (
    <Anchor
      fw={600}
      renderRoot={(props) => (
        <Link
          to="/realms/$realm/applications/$applicationId"
          params={{ realm, applicationId: id }}
          {...props}
        />
      )}
    >
      {name}
    </Anchor>
  );
}

export const ClientId = ({ summary: { clientId } }: Of) => (
  <Group gap={2} wrap="nowrap">
    <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
      {clientId}
    </Text>
    <CopyIconButton value={clientId} what={`client id ${clientId}`} />
  </Group>
);

/** How it proves itself. What sends nothing worth stealing has a lock. */
export const Method = ({ summary: { authenticationMethod } }: Of) => (
  <Badge
    variant="default"
    tt="none"
    style={{ minWidth: 'max-content' }}
    {...(KEYED.has(authenticationMethod) && { leftSection: <LockClosedIcon aria-hidden /> })}
  >
    {METHOD_NAMES[authenticationMethod]}
  </Badge>
);

export const Status = ({ summary: { enabled } }: Of) => (
  <Badge
    variant="dot"
    color={enabled ? 'teal' : 'gray.5'}
    tt="none"
    style={{ minWidth: 'max-content' }}
  >
    {enabled ? 'Enabled' : 'Disabled'}
  </Badge>
);

export function Apis({ summary: { apis } }: Of) {
  const realm = useRealm();
  if (apis.length === 0) return <Nothing text="none" />;
  return (
    <Group gap={4}>
      {apis.slice(0, SHOWN).map(({ id, name }) => (
        <Anchor
          key={id}
          size="sm"
          renderRoot={(props) => (
            <Link to="/realms/$realm/apis/$apiId" params={{ realm, apiId: id }} {...props} />
          )}
        >
          {name}
        </Anchor>
      ))}
      <More names={apis.slice(SHOWN).map(({ name }) => name)} />
    </Group>
  );
}

export function Owners({ summary: { owners } }: Of) {
  if (owners.length === 0) return <Nothing text="none" />;
  return (
    <Group gap={4}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {owners[0]?.userName}
      </Text>
      <More names={owners.slice(1).map(({ userName }) => userName)} />
    </Group>
  );
}

function More({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <Tooltip label={names.join(', ')} multiline maw={320}>
      <Text span size="xs" c="dimmed">
        + {names.length.toLocaleString()}
      </Text>
    </Tooltip>
  );
}

export const LastUsed = ({ summary: { lastUsedAt } }: Of) =>
  lastUsedAt === null ? (
    <Nothing text="never" />
  ) : (
    <Text size="sm" component="span">
      <Instant at={lastUsedAt} />
    </Text>
  );

export function Expires({ summary: { expiresAt } }: Of) {
  if (expiresAt === null) return <Nothing text="no end" />;
  const soon = expiresAt - Date.now() / 1_000 < SOON_SECONDS;
  return (
    <Text size="sm" component="span" {...(soon && { className: 'soon', fw: 600 })}>
      <Instant at={expiresAt} />
    </Text>
  );
}

const Nothing = ({ text }: { readonly text: string }) => (
  <Text size="sm" c="dimmed" component="span">
    {text}
  </Text>
);
