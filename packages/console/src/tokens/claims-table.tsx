import { Badge, Code, Group, Table, Text } from '@mantine/core';
import { Instant } from '../parts/instant.tsx';

/** What the members of tokens and of answers about tokens mean, for those who do not know them. */
const MEANINGS: Readonly<Record<string, string>> = {
  iss: 'Issuer: the realm',
  sub: 'Subject: whom it is about',
  aud: 'Audience: the API it is for',
  exp: 'Ends',
  iat: 'Issued',
  nbf: 'Begins',
  jti: 'Its own id',
  client_id: 'Client that got it',
  scope: 'What it allows',
  cnf: 'Key it is bound to',
  act: 'Who acts for the subject',
  status: 'Where its status is published',
  authorization_details: 'What it allows in detail',
  alg: 'Algorithm',
  kid: 'Signing key',
  typ: 'Kind of JWT',
  active: 'Whether it is good now',
  token_type: 'How it is presented',
  expires_in: 'Seconds left',
  access_token: 'The token itself',
  realm: 'Realm',
  username: 'User',
  grant_type: 'Grant that it came by',
};

const INSTANTS: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf', 'auth_time']);

/** Members and values as people read them. */
export function ClaimsTable({
  label,
  claims,
}: {
  readonly label: string;
  readonly claims: Readonly<Record<string, unknown>>;
}) {
  return (
    <Table aria-label={label} verticalSpacing={6} layout="fixed" className="claims">
      <Table.Tbody>
        {Object.entries(claims).map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" w="38%" style={{ verticalAlign: 'top' }}>
              <Text size="sm" fw={600} ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {name}
              </Text>
              {MEANINGS[name] !== undefined && (
                <Text size="xs" c="dimmed" fw={400}>
                  {MEANINGS[name]}
                </Text>
              )}
            </Table.Th>
            <Table.Td style={{ verticalAlign: 'top' }}>
              <Value name={name} value={value} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Value({ name, value }: { readonly name: string; readonly value: unknown }) {
  if (typeof value === 'number' && INSTANTS.has(name))
    return (
      <Text size="sm" component="div">
        <Instant at={value} />{' '}
        <Text span size="xs" c="dimmed" ff="monospace">
          {value}
        </Text>
      </Text>
    );
  if (name === 'scope') {
    const scopes = Array.isArray(value) ? value.map(String) : String(value).split(' ');
    return (
      <Group gap={4}>
        {scopes.map((scope) => (
          <Badge key={scope} variant="default" tt="none" ff="monospace">
            {scope}
          </Badge>
        ))}
      </Group>
    );
  }
  if (typeof value === 'boolean')
    return (
      <Badge variant="dot" color={value ? 'teal' : 'red'}>
        {value ? 'yes' : 'no'}
      </Badge>
    );
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.map((item) => (
      <Text key={item} size="sm" style={{ overflowWrap: 'anywhere' }}>
        {item}
      </Text>
    ));
  if (typeof value === 'object' && value !== null)
    return (
      <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {JSON.stringify(value, undefined, 2)}
      </Code>
    );
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {String(value)}
    </Text>
  );
}
