import { Alert, Card, Code, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { CompactJws } from '@tessera/protocol';
import { useEffect, useState } from 'react';
import { ChecksCard } from './checks-card.tsx';
import { ClaimsTable } from './claims-table.tsx';
import { type Check, findStatusList, judgeToken, span } from './judge-token.ts';
import { ServerView } from './server-view.tsx';
import { type Verdict, verifySignature } from './signatures.ts';
import { useRealmKeys } from './use-realm-keys.ts';

/** A JWT as this page reads it, then what the server knows of it. */
export function JwtView({
  token,
  jws,
  audience,
}: {
  readonly token: string;
  readonly jws: CompactJws;
  readonly audience: string;
}) {
  const { issuer, keys } = useRealmKeys();
  const [signature, setSignature] = useState<Verdict>();
  const [status, setStatus] = useState<Check>();
  const now = useNow();
  useEffect(() => {
    if (keys !== undefined) void verifySignature(jws, keys).then(setSignature);
  }, [jws, keys]);
  const reference = findStatusList(jws);
  const checks = [
    ...judgeToken(jws, { issuer, audience, now, signature }),
    status ?? unasked(reference !== undefined),
  ];
  return (
    <>
      <Summary jws={jws} checks={checks} now={now} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Stack gap="lg">
          <ChecksCard checks={checks} />
          <ServerView
            token={token}
            list={reference && issuer && keys ? { reference, issuer, keys } : undefined}
            onStatus={setStatus}
          />
        </Stack>
        <Stack gap="lg">
          <Card withBorder component="section" aria-label="What it says">
            <Title order={2} size="h4" mb="xs">
              What it says
            </Title>
            <ClaimsTable label="Claims" claims={jws.claims} />
            <Title order={3} size="h5" mt="md" mb="xs">
              Header
            </Title>
            <ClaimsTable label="Header" claims={jws.header} />
          </Card>
          <Card withBorder component="section" aria-label="Its three parts">
            <Title order={2} size="h4" mb="xs">
              Its three parts
            </Title>
            <Parts token={token} />
          </Card>
        </Stack>
      </SimpleGrid>
    </>
  );
}

const unasked = (listed: boolean): Check => ({
  name: 'Revocation',
  outcome: listed ? 'open' : 'note',
  text: listed
    ? 'Its status list has not been looked at yet.'
    : 'It names no status list: only the server can tell whether it was revoked.',
});

function Summary({
  jws,
  checks,
  now,
}: {
  readonly jws: CompactJws;
  readonly checks: readonly Check[];
  readonly now: number;
}) {
  const failed = checks.filter(({ outcome }) => outcome === 'bad');
  const { exp } = jws.claims;
  if (failed.length > 0)
    return (
      <Alert color="red" title="An API should refuse this token" role="status">
        {failed.map(({ name, text }) => (
          <Text key={name} size="sm">
            <b>{name}.</b> {text}
          </Text>
        ))}
      </Alert>
    );
  const signed = checks.some(({ name, outcome }) => name === 'Signature' && outcome === 'good');
  return (
    <Alert
      color={signed ? 'teal' : 'yellow'}
      title={signed ? 'Genuine, and good now' : 'Readable, and not verified'}
      role="status"
    >
      <Text size="sm">
        {typeof exp === 'number' && `It ends in ${span(exp - now)}. `}
        Whether it was revoked, the server says.
      </Text>
    </Alert>
  );
}

/** Header, claims and signature, each in a colour of its own. */
function Parts({ token }: { readonly token: string }) {
  const [header, claims, signature] = token.split('.');
  return (
    <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      <span className="part-header">{header}</span>.<span className="part-claims">{claims}</span>.
      <span className="part-signature">{signature}</span>
    </Code>
  );
}

/** Seconds since 1970, anew every second. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now() / 1_000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1_000), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
