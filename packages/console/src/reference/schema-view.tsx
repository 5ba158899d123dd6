import { Box, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { Prose } from '../parts/prose.tsx';
import { describeType, type OpenApi, resolve, type Schema } from './open-api.ts';

/** Members of an object, each with its type and what it is for; what is nested opens. */
export function SchemaView({
  document,
  schema: given,
  depth = 0,
}: {
  readonly document: OpenApi;
  readonly schema: Schema;
  readonly depth?: number;
}) {
  const { schema } = resolve(document, given);
  const members = Object.entries(schema.properties ?? {});
  if (members.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {describeType(document, given)}
      </Text>
    );
  return (
    <Box component="ul" m={0} p={0} className="members">
      {members.map(([name, member]) => (
        <Member
          key={name}
          document={document}
          name={name}
          schema={member}
          required={schema.required?.includes(name) === true}
          depth={depth}
        />
      ))}
    </Box>
  );
}

const DEPTH_MAX = 5;

function Member({
  document,
  name,
  schema,
  required,
  depth,
}: {
  readonly document: OpenApi;
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly depth: number;
}) {
  const [open, setOpen] = useState(false);
  const nested = findNested(document, schema);
  const { description } = schema.$ref === undefined ? schema : resolve(document, schema).schema;
  const bounds = boundsOf(schema);
  return (
    <Box component="li" py={6}>
      <Group gap="xs" align="baseline">
        <Text size="sm" ff="monospace" fw={600}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {describeType(document, schema)}
          {bounds !== '' && `, ${bounds}`}
        </Text>
        {required && (
          <Text size="xs" className="needed">
            needed
          </Text>
        )}
        {nested !== undefined && depth < DEPTH_MAX && (
          <Text
            component="button"
            type="button"
            size="xs"
            className="opener"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? 'less' : 'its members'}
          </Text>
        )}
      </Group>
      {description !== undefined && (
        <Text size="sm" c="dimmed">
          <Prose text={description} />
        </Text>
      )}
      {open && nested !== undefined && (
        <Box pl="md" mt={4} className="nested">
          <SchemaView document={document} schema={nested} depth={depth + 1} />
        </Box>
      )}
    </Box>
  );
}

/** The object within: of a list, or of one of several. */
function findNested(document: OpenApi, given: Schema): Schema | undefined {
  const { schema } = resolve(document, given);
  if (schema.properties !== undefined) return schema;
  if (schema.items !== undefined) return findNested(document, schema.items);
  for (const one of schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []) {
    const found = findNested(document, one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function boundsOf({ minimum, maximum, maxLength, maxItems, default: usual }: Schema): string {
  const parts = [
    ...(minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
      ? [`${minimum} to ${maximum.toLocaleString()}`]
      : []),
    ...(maxLength === undefined ? [] : [`up to ${maxLength.toLocaleString()} characters`]),
    ...(maxItems === undefined ? [] : [`up to ${maxItems.toLocaleString()}`]),
    ...(usual === undefined || usual === '' ? [] : [`else ${JSON.stringify(usual)}`]),
  ];
  return parts.join(', ');
}
