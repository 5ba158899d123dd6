import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { CheckCircledIcon, ExclamationTriangleIcon } from '@radix-ui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { useAnswer } from '../api/use-answer.ts';
import { CopyLine } from '../parts/copy-text.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { Step } from './step.tsx';

/** Where every machine will ask: once it is in a hundred configurations it is hard to change. */
export function AddressStep({ onNext }: { readonly onNext: () => void }) {
  const addresses = useAnswer('findRealmAddresses', { params: { realm: 'root' } });
  const issuer = addresses.data?.issuer;
  return (
    <Step
      title="The address"
      text="Every token names the issuer, and every machine is configured with it. It comes from TESSERA_PUBLIC_URL and is hard to change later."
    >
      {addresses.isPending && <Loading what="the address" />}
      {addresses.isError && <Failed error={addresses.error} retry={addresses.refetch} />}
      {issuer !== undefined && (
        <>
          <CopyLine label="Issuer of the root realm" value={issuer} />
          <Checks issuer={issuer} />
        </>
      )}
      <Group justify="flex-end">
        <Button onClick={onNext} disabled={issuer === undefined}>
          This is right
        </Button>
      </Group>
    </Step>
  );
}

function Checks({ issuer }: { readonly issuer: string }) {
  const { origin, hostname, protocol } = new URL(issuer);
  const metadata = useQuery({
    queryKey: ['metadata', issuer],
    queryFn: ({ signal }) => readIssuer(issuer, signal),
  });
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  const here = window.location.origin;
  return (
    <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Checks">
      <Check good={origin === here}>
        {origin === here ? (
          'This page was reached at the same address.'
        ) : (
          <>
            This page was reached at <Code>{here}</Code>. Set <Code>TESSERA_PUBLIC_URL</Code> to the
            address that machines use, and start the server again.
          </>
        )}
      </Check>
      {!metadata.isPending && (
        <Check good={metadata.data === issuer}>
          {metadata.data === issuer
            ? 'Its metadata is there and names the same issuer.'
            : metadata.isError
              ? 'Its metadata cannot be read from here: is there a proxy that leaves something out?'
              : `Its metadata names another issuer: ${String(metadata.data)}`}
        </Check>
      )}
      <Check good={protocol === 'https:' || local}>
        {protocol === 'https:'
          ? 'What is sent is encrypted.'
          : local
            ? 'Only this machine reaches it: for a trial.'
            : 'Without https secrets and tokens can be read on their way. Put TLS in front, or give the server a certificate.'}
      </Check>
    </Stack>
  );
}

const Check = ({
  good,
  children,
}: {
  readonly good: boolean;
  readonly children: React.ReactNode;
}) => (
  <Group component="li" gap="sm" wrap="nowrap" align="flex-start">
    {good ? (
      <CheckCircledIcon
        color="var(--mantine-color-teal-6)"
        style={{ flexShrink: 0, marginTop: 4 }}
        aria-label="Good"
      />
    ) : (
      <ExclamationTriangleIcon
        color="var(--mantine-color-orange-6)"
        style={{ flexShrink: 0, marginTop: 4 }}
        aria-label="Look at this"
      />
    )}
    <Text size="sm" component="div">
      {children}
    </Text>
  </Group>
);

/** As machines read it, by the path of the issuer: the page may call no other origin. */
async function readIssuer(issuer: string, signal: AbortSignal): Promise<string> {
  const { pathname } = new URL(issuer);
  const response = await fetch(`${pathname}/.well-known/openid-configuration`, {
    signal,
    credentials: 'omit',
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const { issuer: named } = (await response.json()) as { readonly issuer?: unknown };
  return String(named);
}
