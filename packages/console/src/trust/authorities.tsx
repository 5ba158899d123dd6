import { Badge, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import type { Answer } from '@tessera/server/contract';
import { call } from '../api/call.ts';
import { useAnswer, useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { CopyLine } from '../parts/copy-text.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FileText } from '../parts/file-text.tsx';
import { Instant } from '../parts/instant.tsx';
import { tell } from '../parts/notify.ts';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { usePermission } from '../session/use-session.ts';
import { TrustedList } from './trusted-list.tsx';

type Authority = Answer<'findTrustedAuthority'>;

export function Authorities() {
  const realm = useRealm();
  const list = useAnswer('listTrustedAuthorities', { params: { realm } });
  return (
    <TrustedList
      list={list}
      what="the authorities"
      addLabel="Add an authority"
      empty={{
        title: 'No certificate authority is trusted',
        text: 'Clients of the method tls_client_auth are known by the subject of a certificate. Add the authority that issues those certificates, and no other.',
      }}
      card={(authority) => <AuthorityCard key={authority.id} authority={authority} />}
      dialog={(opened, close) => <NewAuthority opened={opened} onClose={close} />}
    />
  );
}

function AuthorityCard({ authority }: { readonly authority: Authority }) {
  const realm = useRealm();
  const forget = useForget();
  const mayWrite = usePermission('trust:write');
  const [removing, { open, close }] = useDisclosure();
  const { id, name, subject, thumbprint, notBefore, notAfter, status, revision } = authority;
  return (
    <Card withBorder>
      <Stack gap="sm" h="100%">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Title>
          <Badge
            variant="dot"
            color={status === 'expired' ? 'red' : 'teal'}
            style={{ flex: 'none' }}
          >
            {status === 'expired' ? 'Expired' : 'Active'}
          </Badge>
        </Group>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {subject}
        </Text>
        <Text size="sm" c="dimmed">
          Valid from <Instant at={notBefore} />, ends <Instant at={notAfter} />
        </Text>
        <CopyLine label="Fingerprint (SHA-256)" value={thumbprint} />
        {mayWrite && (
          <Group justify="flex-end" mt="auto">
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
        text="Client certificates that it has signed are refused at once. Tokens that were obtained with them live on."
        name={name}
        verb="Remove"
        act={async () => {
          await call('deleteTrustedAuthority', {
            params: { realm, authorityId: id },
            revision,
          });
          await forget();
          tell(`${name} is trusted no more`);
        }}
      />
    </Card>
  );
}

function NewAuthority({
  opened,
  onClose,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const realm = useRealm();
  const forget = useForget();
  const form = useForm({ initialValues: { name: '', certificate: '' } });
  const { busy, error, save, clear } = useSaving(form);
  const asked = { params: { realm }, body: form.values };
  const end = () => {
    form.reset();
    clear();
    onClose();
  };
  return (
    <Dialog opened={opened} onClose={end} title="Add a certificate authority" size="lg">
      <form
        onSubmit={form.onSubmit(async () => {
          const done = await save(async () => {
            await call('createTrustedAuthority', asked);
            await forget();
          });
          if (!done) return;
          tell(`${form.values.name} is trusted`);
          end();
        })}
      >
        <Stack>
          <Refused error={error} />
          <Text size="sm">
            Whoever can have certificates issued there can be any client that it names. Choose an
            authority that issues for this purpose alone.
          </Text>
          <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
          <FileText
            label="Certificate"
            description="In PEM: the root, or an intermediate"
            accept=".pem,.crt,.cer"
            value={form.values.certificate}
            error={form.errors['certificate']}
            onChange={(text, fileName) => {
              form.setFieldValue('certificate', text);
              if (fileName !== undefined && form.values.name === '')
                form.setFieldValue('name', fileName.replace(/\.\w+$/, ''));
            }}
          />
          <Group justify="space-between">
            <AsCommand name="createTrustedAuthority" asked={asked} />
            <Button type="submit" loading={busy}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
