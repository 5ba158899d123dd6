import { Badge, Button, Card, Group, Stack, Switch, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Answer } from '@tessera/server/contract';
import { call } from '../api/call.ts';
import { useAnswer, useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Confirm } from '../parts/confirm.tsx';
import { CopyLine } from '../parts/copy-text.tsx';
import { tell, tellError } from '../parts/notify.ts';
import { usePermission } from '../session/use-session.ts';
import { NewIssuer } from './new-issuer.tsx';
import { TrustedList } from './trusted-list.tsx';
import { PRESETS, USES } from './words.ts';

type Issuer = Answer<'findTrustedIssuer'>;

export function Issuers() {
  const realm = useRealm();
  const list = useAnswer('listTrustedIssuers', { params: { realm } });
  return (
    <TrustedList
      list={list}
      what="the issuers"
      addLabel="Trust an issuer"
      empty={{
        title: 'No issuer is trusted',
        text: 'Kubernetes, GitHub, GitLab, SPIFFE or any OpenID provider can vouch for workloads, which then need no secret of their own.',
      }}
      card={(issuer) => <IssuerCard key={issuer.id} issuer={issuer} />}
      dialog={(opened, close) => <NewIssuer opened={opened} onClose={close} />}
    />
  );
}

function IssuerCard({ issuer }: { readonly issuer: Issuer }) {
  const realm = useRealm();
  const forget = useForget();
  const mayWrite = usePermission('trust:write');
  const [removing, { open, close }] = useDisclosure();
  const { id, name, preset, enabled, revision, jwksUri, jwks, uses, lifetimeMax } = issuer;
  const named = { params: { realm, issuerId: id }, revision };
  return (
    <Card withBorder>
      <Stack gap="sm" h="100%">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Title>
          <Badge variant="default" style={{ flex: 'none' }}>
            {PRESETS.find(({ value }) => value === preset)?.label ?? preset}
          </Badge>
        </Group>
        <CopyLine label="Issuer" value={issuer.issuer} />
        <CopyLine label="Audience that it must name" value={issuer.audience} />
        {jwksUri !== null && <CopyLine label="Keys" value={jwksUri} />}
        <Text size="sm" c="dimmed">
          {jwks !== null &&
            `${jwks.keys.length.toLocaleString()} ${jwks.keys.length === 1 ? 'key' : 'keys'} kept here. `}
          {uses.map((use) => USES[use]).join('; ')}. Assertions live{' '}
          {Math.round(lifetimeMax / 60).toLocaleString()} minutes at most.
        </Text>
        {mayWrite && (
          <Group justify="space-between" mt="auto">
            <Switch
              label="Trusted"
              aria-label={`${name} is trusted`}
              checked={enabled}
              onChange={async ({ currentTarget }) => {
                try {
                  await call('updateTrustedIssuer', {
                    ...named,
                    body: { enabled: currentTarget.checked },
                  });
                  await forget();
                } catch (error) {
                  tellError(error);
                }
              }}
            />
            <Button size="xs" variant="default" onClick={open}>
              Remove
            </Button>
          </Group>
        )}
      </Stack>
      <Confirm
        opened={removing}
        onClose={close}
        title={`Remove ${name}`}
        text="Its assertions are refused at once. While clients name workloads of it, it cannot be removed: switch it off instead."
        name={name}
        verb="Remove"
        act={async () => {
          await call('deleteTrustedIssuer', named);
          await forget();
          tell(`${name} is trusted no more`);
        }}
      />
    </Card>
  );
}
