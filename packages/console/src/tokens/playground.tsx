import {
  Alert,
  Anchor,
  Button,
  Card,
  Grid,
  Group,
  SimpleGrid,
  Stack,
  Tabs,
  Text,
} from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useIssuer } from '../applications/use-token-endpoint.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Page } from '../parts/page.tsx';
import { Empty } from '../parts/states.tsx';
import { ClaimsTable } from './claims-table.tsx';
import {
  type Authentication,
  askTokenInfo,
  type Caller,
  type Exchange,
  sendForm,
} from './exchange.ts';
import { ExchangeView, TokenView } from './exchange-view.tsx';
import { formatTessera } from './format-exchange.ts';
import { PlaygroundForm, type Wanted } from './playground-form.tsx';
import { generateKeyPair } from './signatures.ts';

const STEPS = [
  ['token', 'Token'],
  ['introspection', 'Introspection'],
  ['tokeninfo', 'Token info'],
  ['revocation', 'Revocation'],
] as const;
type Step = (typeof STEPS)[number][0];

/** The real requests of a machine, made from here. */
export function Playground() {
  const realm = useRealm();
  const issuer = useIssuer();
  const { client = '' } = useSearch({ strict: false });
  const [wanted, setWanted] = useState<Wanted>({
    clientId: client,
    method: 'client_secret_basic',
    secret: '',
    testKey: undefined,
    bound: false,
    scopes: [],
    resource: '',
  });
  const { clientId } = wanted;
  const access = useAnswer(
    'findClientAccess',
    { params: { realm, clientId } },
    { enabled: clientId !== '' },
  );
  const [caller, setCaller] = useState<Caller>();
  const [done, setDone] = useState<Partial<Record<Step, Exchange>>>({});
  const [step, setStep] = useState<Step>('token');
  const [busy, setBusy] = useState<Step>();
  const [failed, setFailed] = useState(false);

  const run = async (next: Step, ask: () => Promise<Exchange>, others: typeof done) => {
    setBusy(next);
    setFailed(false);
    try {
      const exchange = await ask();
      setDone({ ...others, [next]: exchange });
      setStep(next);
    } catch {
      setFailed(true);
    } finally {
      setBusy(undefined);
    }
  };
  const request = async () => {
    const authentication = authenticationOf(wanted);
    if (issuer === undefined || authentication === undefined) return;
    await run(
      'token',
      async () => {
        const proofKey = wanted.bound ? await generateKeyPair() : undefined;
        const asking = { issuer, clientId, authentication, proofKey };
        setCaller(asking);
        return sendForm(asking, 'access_token', [
          ['grant_type', 'client_credentials'],
          ...(wanted.scopes.length > 0 ? [['scope', wanted.scopes.join(' ')] as const] : []),
          ...(wanted.resource === '' ? [] : [['resource', wanted.resource] as const]),
        ]);
      },
      {},
    );
  };
  const token = textOf(done.token?.value?.['access_token']);
  const follow: Readonly<
    Record<Exclude<Step, 'token'>, (of: Caller, text: string) => Promise<Exchange>>
  > = {
    introspection: (of, text) => sendForm(of, 'introspect', [['token', text]]),
    tokeninfo: askTokenInfo,
    revocation: (of, text) => sendForm(of, 'token/revoke', [['token', text]]),
  };
  const shown = done[step];
  return (
    <Page
      title="Token playground"
      text="Ask for a token as a machine does, and look at every byte of it."
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 4, xl: 3 }}>
          <PlaygroundForm
            wanted={wanted}
            access={access.data}
            busy={busy === 'token'}
            onChange={(change) => setWanted({ ...wanted, ...change })}
            onSend={request}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 8, xl: 9 }}>
          {failed && (
            <Alert color="red" role="alert" title="No answer" mb="md">
              The server cannot be reached from this page.
            </Alert>
          )}
          {shown === undefined || caller === undefined ? (
            <Card withBorder>
              <Empty
                title="Nothing sent yet"
                text="Choose a client and how it proves itself. The request, its answer and the token then stand here side by side, and can be introspected and revoked."
              />
            </Card>
          ) : (
            <Stack>
              <Group justify="space-between">
                <Tabs
                  value={step}
                  onChange={(next) => setStep((next ?? 'token') as Step)}
                  variant="pills"
                >
                  <Tabs.List aria-label="Requests">
                    {STEPS.filter(([name]) => done[name] !== undefined).map(([name, label]) => (
                      <Tabs.Tab key={name} value={name}>
                        {label}
                      </Tabs.Tab>
                    ))}
                  </Tabs.List>
                </Tabs>
                {token !== undefined && (
                  <Group gap="xs">
                    {STEPS.slice(1).map(([name]) => (
                      <Button
                        key={name}
                        size="xs"
                        variant="light"
                        {...(name === 'revocation' && { color: 'red' })}
                        loading={busy === name}
                        onClick={() =>
                          run(
                            name,
                            () => follow[name as Exclude<Step, 'token'>](caller, token),
                            done,
                          )
                        }
                      >
                        {VERBS[name]}
                      </Button>
                    ))}
                  </Group>
                )}
              </Group>
              <SimpleGrid cols={{ base: 1, xl: 2 }} spacing="lg">
                <ExchangeView
                  key={step}
                  title={STEPS.find(([name]) => name === step)?.[1] ?? ''}
                  exchange={shown}
                  clientId={clientId}
                  {...(step === 'token' && {
                    tessera: formatTessera({ ...wanted, issuer: caller.issuer }),
                  })}
                />
                <Stack gap="lg">
                  {step === 'token' && token !== undefined && <TokenView token={token} />}
                  {step !== 'token' && shown.value !== undefined && (
                    <Card withBorder component="section" aria-label="What it says">
                      <ClaimsTable label="What it says" claims={shown.value} />
                    </Card>
                  )}
                  {shown.status >= 400 && (
                    <Refusal error={textOf(shown.value?.['error'])} realm={realm} />
                  )}
                  {step === 'revocation' && shown.status === 200 && (
                    <Alert color="teal" title="Revoked">
                      Introspect it again: it is not active any more.
                    </Alert>
                  )}
                </Stack>
              </SimpleGrid>
            </Stack>
          )}
        </Grid.Col>
      </Grid>
    </Page>
  );
}

const VERBS: Readonly<Record<Step, string>> = {
  token: 'Request',
  introspection: 'Introspect',
  tokeninfo: 'Token info',
  revocation: 'Revoke',
};

/** The wire tells a caller little on purpose; people who may see more are shown where. */
function Refusal({ error, realm }: { readonly error: string | undefined; readonly realm: string }) {
  return (
    <Alert color="red" title={error === undefined ? 'Refused' : `Refused: ${error}`}>
      <Text size="sm">
        Callers are told little, so that whoever probes learns nothing. The cause, and what to do
        about it, is in{' '}
        <Anchor
          size="sm"
          renderRoot={(props) => <Link to="/realms/$realm/errors" params={{ realm }} {...props} />}
        >
          Errors
        </Anchor>{' '}
        in a moment.
      </Text>
    </Alert>
  );
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

function authenticationOf({ method, secret, testKey }: Wanted): Authentication | undefined {
  if (method !== 'private_key_jwt') return { method, secret };
  return testKey === undefined ? undefined : { method, key: testKey };
}
