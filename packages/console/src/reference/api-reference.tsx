import { Anchor, Badge, Button, Grid, Group, NavLink, Stack, Text, Title } from '@mantine/core';
import { DownloadIcon } from '@radix-ui/react-icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { titleOfKind } from '../parts/labels.ts';
import { Page } from '../parts/page.tsx';
import { Prose } from '../parts/prose.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { type OpenApi, operationsOf, type Placed, useOpenApi } from './open-api.ts';
import { METHOD_COLORS, OperationView } from './operation-view.tsx';

/** Every operation of the administration API, from the document that the server describes it by. */
export function ApiReference() {
  const navigate = useNavigate();
  const { tab, search = '' } = useSearch({ strict: false });
  const document = useOpenApi();
  const show = (next: { readonly tab?: string; readonly search?: string }) =>
    navigate({ to: '/server/api-reference', search: next, replace: true });
  return (
    <Page
      title="API reference"
      text="All that this console can do, for programs: JSON over HTTP, with the permissions of who calls."
      actions={
        <Button
          variant="default"
          component="a"
          href="/api/openapi.json"
          download="tessera-openapi.json"
          leftSection={<DownloadIcon />}
        >
          OpenAPI document
        </Button>
      }
    >
      <SearchField
        label="Search operations"
        value={search}
        onSearch={(text) => show(text === '' ? {} : { search: text })}
      />
      {document.isPending && <Loading what="the description of the API" />}
      {document.isError && <Failed error={document.error} retry={document.refetch} />}
      {document.data !== undefined && (
        <Operations
          document={document.data}
          tab={tab}
          search={search}
          onTag={(tag) => show({ tab: tag })}
        />
      )}
    </Page>
  );
}

function Operations({
  document,
  tab,
  search,
  onTag,
}: {
  readonly document: OpenApi;
  readonly tab: string | undefined;
  readonly search: string;
  readonly onTag: (tag: string) => void;
}) {
  const tags = document.tags.filter(({ name }) => operationsOf(document, name).length > 0);
  const tag = tags.find(({ name }) => name === tab) ?? tags[1] ?? tags[0];
  const found =
    search === ''
      ? operationsOf(document, tag?.name ?? '')
      : tags.flatMap(({ name }) => operationsOf(document, name)).filter(matching(search));
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 3 }}>
        <nav aria-label="Resources">
          {tags.map(({ name }) => (
            <NavLink
              key={name}
              component="button"
              type="button"
              label={titleOfKind(name)}
              active={search === '' && name === tag?.name}
              aria-current={search === '' && name === tag?.name ? 'true' : undefined}
              rightSection={
                <Text size="xs" c="dimmed">
                  {operationsOf(document, name).length}
                </Text>
              }
              onClick={() => onTag(name)}
            />
          ))}
        </nav>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 9 }}>
        <Stack gap="lg">
          <div>
            <Title order={2} size="h3">
              {search === '' ? titleOfKind(tag?.name ?? '') : `${found.length} found`}
            </Title>
            {search === '' && tag?.description !== undefined && (
              <Text c="dimmed">
                <Prose text={tag.description} />
              </Text>
            )}
          </div>
          {search === '' && <Contents found={found} />}
          {found.length === 0 && (
            <Empty title="Nothing found" text={`No operation has “${search}” in it.`} />
          )}
          {found.slice(0, SHOWN_MAX).map((placed) => (
            <OperationView key={placed.operation.operationId} document={document} placed={placed} />
          ))}
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

/** More at once say nothing to anybody; a longer word finds less. */
const SHOWN_MAX = 30;

const Contents = ({ found }: { readonly found: readonly Placed[] }) => (
  <Stack gap={4}>
    {found.map(({ method, operation }) => (
      <Group key={operation.operationId} gap="xs" wrap="nowrap">
        <Badge
          variant="outline"
          styles={{ label: { color: 'var(--mantine-color-text)' } }}
          size="sm"
          w={64}
          color={METHOD_COLORS[method] ?? 'gray'}
          style={{ flexShrink: 0 }}
        >
          {method}
        </Badge>
        <Anchor size="sm" href={`#${operation.operationId}`}>
          {operation.summary}
        </Anchor>
      </Group>
    ))}
  </Stack>
);

const matching =
  (search: string) =>
  ({ path, operation: { summary, operationId } }: Placed): boolean =>
    `${summary} ${path} ${operationId}`.toLowerCase().includes(search.toLowerCase());
