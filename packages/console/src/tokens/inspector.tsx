import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { LockClosedIcon } from '@radix-ui/react-icons';
import { readCompactJws } from '@tessera/protocol';
import { useDeferredValue, useState } from 'react';
import { Page } from '../parts/page.tsx';
import { JwtView } from './jwt-view.tsx';
import { ServerView } from './server-view.tsx';

/** Longer than any token that this server issues. */
const TOKEN_LENGTH_MAX = 65_536;

const OPAQUE = /^[\w.~-]+$/;

export function Inspector() {
  const [text, setText] = useState('');
  const [audience, setAudience] = useState('');
  // Pasted from a header, a log or a letter: with its scheme, quotes and line ends.
  const token = useDeferredValue(
    text
      .replaceAll(/\s+/g, ' ')
      .trim()
      .replace(/^(?:authorization:\s*)?(?:bearer|dpop)\s+/i, '')
      .replaceAll(/^["']|["',]$/g, '')
      .replaceAll(' ', ''),
  );
  const jws = readCompactJws(token, TOKEN_LENGTH_MAX);
  return (
    <Page title="Token inspector" text="What a token says, whether it is good, and why not.">
      <Stack gap="xs">
        <Textarea
          label="Access token"
          placeholder="eyJhbGciOi… or an opaque token, with or without “Bearer”"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          autosize
          minRows={3}
          maxRows={7}
          maxLength={TOKEN_LENGTH_MAX}
          spellCheck={false}
          autoComplete="off"
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <Group justify="space-between" align="flex-end">
          <Group gap={6} wrap="nowrap">
            <LockClosedIcon aria-hidden />
            <Text size="sm" c="dimmed">
              Read in this page. It is sent nowhere before you press a button that says so.
            </Text>
          </Group>
          {text !== '' && (
            <Button variant="subtle" color="gray" size="xs" onClick={() => setText('')}>
              Clear
            </Button>
          )}
        </Group>
      </Stack>
      {jws !== undefined && (
        <TextInput
          label="Expected audience"
          description="The API that would take it, by its identifier. Empty: any."
          placeholder="https://orders.example.com"
          value={audience}
          onChange={({ currentTarget }) => setAudience(currentTarget.value.trim())}
          maw={480}
        />
      )}
      {token !== '' && jws !== undefined && (
        <JwtView key={token} token={token} jws={jws} audience={audience} />
      )}
      {token !== '' && jws === undefined && !OPAQUE.test(token) && (
        <Alert color="yellow" title="This is no access token">
          Neither a signed JWT nor an opaque token: it may have been cut when it was copied.
        </Alert>
      )}
      {token !== '' && jws === undefined && OPAQUE.test(token) && (
        <>
          <Alert color="indigo" title={describeUnread(token)}>
            What it stands for is known to the server alone.
          </Alert>
          <ServerView key={token} token={token} />
        </>
      )}
    </Page>
  );
}

const describeUnread = (token: string): string =>
  token.includes('.') ? 'Not a JWT that can be read' : 'An opaque token';
