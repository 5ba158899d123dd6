import { Alert, Badge, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { CopyBlock } from '../parts/copy-text.tsx';
import { decodeJwt } from './decode-jwt.ts';

type Outcome = {
  readonly status: number;
  readonly milliseconds: number;
  readonly body: string;
  readonly token: string | undefined;
};

/** The real request, from here: what the machine will send, and what it will be answered. */
export function TokenTry({
  endpoint,
  clientId,
  secret,
  scopes,
}: {
  readonly endpoint: string;
  readonly clientId: string;
  readonly secret: string;
  readonly scopes: readonly string[];
}) {
  const [outcome, setOutcome] = useState<Outcome>();
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);
  const request = async () => {
    setBusy(true);
    setFailed(false);
    try {
      setOutcome(await requestToken(endpoint, clientId, secret, scopes));
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  };
  const claims = outcome?.token === undefined ? undefined : decodeJwt(outcome.token);
  return (
    <Stack gap="sm">
      <Group>
        <Button variant="default" loading={busy} onClick={request}>
          Request a token now
        </Button>
        {outcome !== undefined && (
          <Group gap="xs" role="status">
            <Badge variant="dot" color={outcome.status === 200 ? 'teal' : 'red'}>
              {outcome.status}
            </Badge>
            <Text size="sm" c="dimmed">
              {outcome.milliseconds.toFixed(0)} ms
            </Text>
          </Group>
        )}
      </Group>
      {failed && (
        <Alert color="red" role="alert" title="No answer">
          The token endpoint cannot be reached from this page. The curl line works from a terminal.
        </Alert>
      )}
      {outcome !== undefined && <CopyBlock what="the answer" value={outcome.body} />}
      {claims !== undefined && (
        <div>
          <Text size="sm" fw={500}>
            What the token says
          </Text>
          <Code block tabIndex={0}>
            {JSON.stringify(claims, undefined, 2)}
          </Code>
        </div>
      )}
    </Stack>
  );
}

async function requestToken(
  endpoint: string,
  clientId: string,
  secret: string,
  scopes: readonly string[],
): Promise<Outcome> {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopes.length > 0) form.set('scope', scopes.join(' '));
  // RFC 6749 §2.3.1: both are form-encoded before they are joined.
  const encode = (text: string) => new URLSearchParams({ t: text }).toString().slice(2);
  const started = performance.now();
  // By path: the page and the endpoint are one server, whatever name it was called by.
  const response = await fetch(new URL(endpoint).pathname, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${encode(clientId)}:${encode(secret)}`)}` },
    body: form,
    credentials: 'omit',
  });
  const body = await response.text();
  const value = JSON.parse(body) as { readonly access_token?: unknown };
  return {
    status: response.status,
    milliseconds: performance.now() - started,
    body: JSON.stringify(value, undefined, 2),
    token: typeof value.access_token === 'string' ? value.access_token : undefined,
  };
}
