/*
 * A client and its secret as files that machines read. Whoever reads one gets the same secret, whatever
 * characters a person has put into it.
 */
import type { Machine } from './snippets.ts';

export type SecretFile = {
  readonly label: string;
  readonly name: string;
  /** undefined: this secret cannot be written so that all who read such files agree. */
  readonly text: string | undefined;
};

export const secretFilesOf = (machine: Machine): readonly SecretFile[] => [
  { label: '.env', name: `${fileNameOf(machine)}.env`, text: formatEnv(machine) },
  { label: 'JSON', name: `${fileNameOf(machine)}.json`, text: formatJson(machine) },
  {
    label: 'Kubernetes Secret',
    name: `${fileNameOf(machine)}.secret.yaml`,
    text: formatKubernetesSecret(machine),
  },
];

const variablesOf = ({ endpoint, clientId, secret, scope }: Machine) =>
  Object.entries({
    TOKEN_ENDPOINT: endpoint,
    CLIENT_ID: clientId,
    CLIENT_SECRET: secret,
    ...(scope !== '' && { SCOPE: scope }),
  });

/** Characters that no reader of such files gives a meaning. */
const PLAIN = /^[\w@%+:,./~-]+$/;

/**
 * Shells, Docker, Node.js and the libraries called dotenv read quotes differently. What is left is
 * what they agree on; undefined: nothing.
 */
export function formatEnv(machine: Machine): string | undefined {
  const lines = variablesOf(machine).map(([name, value]) => {
    const quoted = quoteEnv(value);
    return quoted === undefined ? undefined : `${name}=${quoted}`;
  });
  return lines.includes(undefined) ? undefined : `${lines.join('\n')}\n`;
}

function quoteEnv(value: string): string | undefined {
  if (PLAIN.test(value)) return value;
  if (!/['\\]/.test(value)) return `'${value}'`;
  if (!/["\\$`!]/.test(value)) return `"${value}"`;
  return undefined;
}

export const formatJson = ({ endpoint, clientId, secret, scope }: Machine): string =>
  `${JSON.stringify(
    {
      token_endpoint: endpoint,
      client_id: clientId,
      client_secret: secret,
      ...(scope !== '' && { scope }),
    },
    undefined,
    2,
  )}\n`;

/** For `envFrom`: the keys are names of variables, the values octets in base64. */
export const formatKubernetesSecret = (machine: Machine): string =>
  [
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    `  name: ${JSON.stringify(objectNameOf(machine))}`,
    'type: Opaque',
    'data:',
    ...variablesOf(machine).map(([name, value]) => `  ${name}: ${JSON.stringify(encode(value))}`),
    '',
  ].join('\n');

const encode = (text: string): string =>
  btoa(String.fromCodePoint(...new TextEncoder().encode(text)));

/** A DNS subdomain, as Kubernetes wants the names of objects. */
function objectNameOf({ clientId }: Machine): string {
  const name = clientId
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 200)
    .replace(/-+$/, '');
  return name === '' ? 'client-credentials' : `${name}-credentials`;
}

const fileNameOf = ({ clientId }: Machine): string =>
  clientId.replaceAll(/[^\w.-]+/g, '_').slice(0, 100);
