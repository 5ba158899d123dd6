import { Badge, Box, Card, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { describeCommand } from '../api/describe-command.ts';
import { CopyBlock } from '../parts/copy-text.tsx';
import { Prose } from '../parts/prose.tsx';
import { describeType, exampleOf, jsonOf, type OpenApi, type Placed } from './open-api.ts';
import { SchemaView } from './schema-view.tsx';

export const METHOD_COLORS: Readonly<Record<string, string>> = {
  GET: 'indigo',
  POST: 'teal',
  PUT: 'orange',
  PATCH: 'orange',
  DELETE: 'red',
};

/** One operation: what it is for, what it takes, what it answers, and how to call it. */
export function OperationView({
  document,
  placed: { method, path, operation },
}: {
  readonly document: OpenApi;
  readonly placed: Placed;
}) {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const body = jsonOf(requestBody);
  const [status = '', answer] =
    Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
  const answered = jsonOf(answer);
  const problems = Object.keys(responses).filter((code) => !code.startsWith('2'));
  const command = describeCommand(operationId);
  return (
    <Card withBorder component="section" id={operationId} aria-label={summary}>
      <Title order={3} size="h4">
        {summary}
      </Title>
      <Group gap="xs" mt={6} align="baseline" wrap="nowrap">
        <Badge
          variant="outline"
          styles={{ label: { color: 'var(--mantine-color-text)' } }}
          color={METHOD_COLORS[method] ?? 'gray'}
          style={{ flexShrink: 0 }}
        >
          {method}
        </Badge>
        <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {path}
        </Text>
      </Group>
      {description !== undefined && (
        <Text size="sm" mt="sm">
          <Prose text={description} />
        </Text>
      )}
      <Stack gap="md" mt="md">
        {parameters.length > 0 && (
          <Part title="Parameters">
            <Box component="ul" m={0} p={0} className="members">
              {parameters.map((parameter) => (
                <Box component="li" key={`${parameter.in} ${parameter.name}`} py={6}>
                  <Group gap="xs" align="baseline">
                    <Text size="sm" ff="monospace" fw={600}>
                      {parameter.name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {PLACES[parameter.in] ?? parameter.in},{' '}
                      {describeType(document, parameter.schema)}
                    </Text>
                    {parameter.required === true && (
                      <Text size="xs" className="needed">
                        needed
                      </Text>
                    )}
                  </Group>
                  <Text size="sm" c="dimmed">
                    <Prose text={parameter.description ?? parameter.schema.description ?? ''} />
                  </Text>
                </Box>
              ))}
            </Box>
          </Part>
        )}
        {body !== undefined && (
          <Part title="Body">
            <SchemaView document={document} schema={body} />
          </Part>
        )}
        <Part title={`Answer ${status}`}>
          {answered === undefined ? (
            <Text size="sm" c="dimmed">
              Nothing but the status.
            </Text>
          ) : (
            <SchemaView document={document} schema={answered} />
          )}
          <Text size="xs" c="dimmed" mt="xs">
            Or a problem (RFC 9457): {problems.join(', ')}
          </Text>
        </Part>
        <Tabs defaultValue="curl" keepMounted={false}>
          <Tabs.List aria-label={`How to call: ${summary}`} mb="sm">
            <Tabs.Tab value="curl">curl</Tabs.Tab>
            {command !== undefined && <Tabs.Tab value="tessera">tessera</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="curl">
            <CopyBlock
              what="the request"
              value={formatCurl(
                method,
                path,
                body === undefined ? undefined : exampleOf(document, body),
              )}
            />
          </Tabs.Panel>
          {command !== undefined && (
            <Tabs.Panel value="tessera">
              <CopyBlock what="the command" value={command} />
            </Tabs.Panel>
          )}
        </Tabs>
      </Stack>
    </Card>
  );
}

const PLACES: Readonly<Record<string, string>> = {
  path: 'in the path',
  query: 'in the query',
  header: 'a header',
};

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <div>
    <Title order={4} size="h6" mb={4}>
      {title}
    </Title>
    {children}
  </div>
);

function formatCurl(method: string, path: string, body: unknown): string {
  const lines = [
    `curl --request ${method} '${window.location.origin}${path}'`,
    `--header "Authorization: Bearer $TESSERA_TOKEN"`,
  ];
  if (body !== undefined)
    lines.push(
      `--header 'Content-Type: application/json'`,
      `--data '${JSON.stringify(body, undefined, 2).replaceAll("'", "'\\''")}'`,
    );
  return lines.join(' \\\n  ');
}
