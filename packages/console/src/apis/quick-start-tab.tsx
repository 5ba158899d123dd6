import { Card, Stack, Tabs, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useIssuer } from '../applications/use-token-endpoint.ts';
import { CopyBlock } from '../parts/copy-text.tsx';
import { Warning } from '../parts/warning.tsx';
import { guidesOf } from './api-snippets.ts';
import type { Shown } from './shown.ts';

/** From nothing to an API that takes these tokens and refuses every other, in a framework. */
export function QuickStartTab({ api }: Shown) {
  const issuer = useIssuer();
  const [chosen, setChosen] = useState<string | null>('Express');
  if (issuer === undefined)
    return (
      <Warning title="The issuer is not known">
        You need the permission realms:read to see what belongs into the code.
      </Warning>
    );
  const guides = guidesOf({
    issuer,
    audience: api.identifier,
    name: api.name,
    scopes: api.scopes.map(({ name }) => name),
    basic: 'ID_AND_SECRET_IN_BASE64',
  });
  return (
    <Card withBorder maw={960} component="section" aria-labelledby="quick-start">
      <Title order={2} size="h4" id="quick-start">
        Take these tokens
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        Filled in for this API: its issuer, its audience and its first scopes.
      </Text>
      <Tabs value={chosen} onChange={setChosen} keepMounted={false} variant="pills">
        <Tabs.List aria-label="Frameworks" mb="lg">
          {guides.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {guides.map(({ name, install, files, run }) => (
          <Tabs.Panel key={name} value={name}>
            <Stack gap="md">
              {install !== undefined && (
                <Step title="Install">
                  <CopyBlock what="the command" value={install} />
                </Step>
              )}
              {files.map((file) => (
                <Step key={file.name} title={file.name}>
                  <CopyBlock what={file.name} value={file.text} />
                </Step>
              ))}
              {run !== undefined && (
                <Step title="Run">
                  <CopyBlock what="the command" value={run} />
                </Step>
              )}
              <Step title="Call it">
                <CopyBlock
                  what="the call"
                  value={callOf(api.realm, api.identifier, api.scopes[0]?.name)}
                />
              </Step>
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Card>
  );
}

function Step({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      {children}
    </div>
  );
}

function callOf(realm: string, audience: string, scope: string | undefined): string {
  const asked = [
    `tessera token get --realm ${realm} --client-id CLIENT_ID --client-secret-file client.secret`,
    ...(scope === undefined ? [] : [`  --scope '${scope}'`]),
    `  --resource '${audience}' --header > header`,
  ].join(' \\\n');
  return /^https?:/.test(audience) ? `${asked}\ncurl --header @header '${audience}'` : asked;
}
