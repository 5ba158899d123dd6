import { Alert, Anchor, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { StatusReference } from '@tessera/protocol';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Confirm } from '../parts/confirm.tsx';
import { tell } from '../parts/notify.ts';
import { Failed } from '../parts/states.tsx';
import { usePermission } from '../session/use-session.ts';
import { ClaimsTable } from './claims-table.tsx';
import type { Check } from './judge-token.ts';
import { lookUpStatus } from './look-up-status.ts';
import type { Jwk } from './signatures.ts';

/** What the server knows of a token: asked when somebody presses the button, and never before. */
export function ServerView({
  token,
  list,
  onStatus,
}: {
  readonly token: string;
  readonly list?:
    | {
        readonly reference: StatusReference;
        readonly issuer: string;
        readonly keys: readonly Jwk[];
      }
    | undefined;
  readonly onStatus?: (check: Check) => void;
}) {
  const realm = useRealm();
  const mayRevoke = usePermission('tokens:write');
  const [answer, setAnswer] = useState<Answer<'inspectToken'>>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [revoking, setRevoking] = useState(false);
  const ask = async () => {
    setBusy(true);
    setError(undefined);
    try {
      setAnswer(await call('inspectToken', { params: { realm }, body: { token } }));
      if (list !== undefined)
        onStatus?.(await lookUpStatus(list.reference, list.issuer, list.keys));
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  const facts = answer?.facts ?? undefined;
  return (
    <Card withBorder component="section" aria-label="What the server knows">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          What the server knows
        </Title>
        <Button size="xs" variant="light" loading={busy} onClick={ask}>
          {answer === undefined ? 'Send it to the server' : 'Ask again'}
        </Button>
      </Group>
      {answer === undefined && error === undefined && (
        <Text size="sm" c="dimmed">
          Whether it was revoked, and whether its client and realm are still there. The token is
          sent to this server, and nowhere else.
        </Text>
      )}
      {error !== undefined && <Failed error={error} retry={ask} />}
      {answer !== undefined && (
        <Stack gap="sm">
          <Alert
            color={answer.active ? 'teal' : 'red'}
            title={answer.active ? 'Active' : 'Not active'}
            role="status"
          >
            {answer.explanation}
          </Alert>
          {facts !== undefined && (
            <>
              <ClaimsTable label="What it stands for" claims={describe(facts, answer.format)} />
              <Group justify="space-between">
                <Anchor
                  size="sm"
                  renderRoot={(props) => (
                    <Link
                      to="/realms/$realm/applications"
                      params={{ realm }}
                      search={{ search: facts.clientId }}
                      {...props}
                    />
                  )}
                >
                  To the application of {facts.clientId}
                </Anchor>
                {mayRevoke && answer.active && (
                  <Button color="red" variant="light" size="xs" onClick={() => setRevoking(true)}>
                    Revoke this token
                  </Button>
                )}
              </Group>
            </>
          )}
        </Stack>
      )}
      {facts !== undefined && (
        <Confirm
          opened={revoking}
          onClose={() => setRevoking(false)}
          title="Revoke this token"
          text="It is void at once, for every API that asks. Its client can fetch another one."
          name={facts.clientId}
          verb="Revoke"
          act={async () => {
            await call('revokeToken', { params: { realm }, body: { token } });
            tell('Token revoked');
            await ask();
          }}
        />
      )}
    </Card>
  );
}

type Facts = NonNullable<Answer<'inspectToken'>['facts']>;

const describe = (facts: Facts, format: Answer<'inspectToken'>['format']) => ({
  client_id: facts.clientId,
  sub: facts.subject,
  ...(facts.actors.length > 0 && { act: facts.actors }),
  aud: facts.audience,
  scope: facts.scope,
  grant_type: facts.grantType,
  iat: facts.issuedAt,
  exp: facts.expiresAt,
  jti: facts.jti,
  format: format === 'jwt' ? 'JWT' : 'Opaque',
});
