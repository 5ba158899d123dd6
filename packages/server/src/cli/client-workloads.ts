import { Option } from 'commander';
import type { CommandGroup } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { findIssuerId, findWorkload } from './find-by-name.ts';
import { type Asked, routeCommand } from './route-command.ts';

async function byName(asked: Asked): Promise<Partial<Asked>> {
  const { id, revision } = await findWorkload(asked, asked.params['workloadId'] ?? '');
  return { params: { ...asked.params, workloadId: id }, revision };
}

const ISSUER_OPTION = new Option(
  '--issuer <issuer>',
  'name or id of the trusted issuer that vouches for it',
).makeOptionMandatory();

const WHERE_OPTION = new Option(
  '--where <claim=value>',
  'what a claim must say; a * stands for anything but / and :; may be repeated, all must hold',
)
  .makeOptionMandatory()
  .argParser((text: string, earlier: unknown): readonly Condition[] => [
    ...(Array.isArray(earlier) ? (earlier as readonly Condition[]) : []),
    readCondition(text),
  ]);

type Condition = {
  readonly claim: string;
  readonly operator: 'equals' | 'matches';
  readonly value: string;
};

/** Names of claims have no equals sign: the first one ends the name. */
function readCondition(text: string): Condition {
  const end = text.indexOf('=');
  if (end < 1 || end === text.length - 1)
    throw new CommandFailure(
      'usage',
      `--where ${JSON.stringify(text)} is no condition`,
      'Write the claim and what it must say: --where repository=acme/app.',
    );
  const value = text.slice(end + 1);
  return { claim: text.slice(0, end), operator: value.includes('*') ? 'matches' : 'equals', value };
}

async function readWorkload(asked: Asked): Promise<Partial<Asked>> {
  const { issuer, where } = asked.flags;
  const issuerId = await findIssuerId(asked, String(issuer));
  return { body: { ...asked.body, issuerId, conditions: where } };
}

export const WORKLOAD_COMMANDS: CommandGroup = {
  name: 'workload',
  summary: 'Workloads that are a client without a secret: pods, CI jobs, services of a mesh',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listWorkloads',
      columns: ['label', 'issuer', 'conditions', 'status', 'expiresAt', 'lastUsedAt', 'id'],
      examples: ['tessera client workload list deploy'],
    }),
    routeCommand({
      name: 'add',
      route: 'addWorkload',
      without: ['issuerId', 'conditions'],
      options: [ISSUER_OPTION, WHERE_OPTION],
      prepare: readWorkload,
      examples: [
        'tessera client workload add deploy --issuer github --where repository=acme/app --where ref=refs/heads/main',
        'tessera client workload add billing --issuer prod --where sub=system:serviceaccount:prod:billing',
      ],
    }),
    routeCommand({
      name: 'update',
      route: 'updateWorkload',
      prepare: byName,
      examples: ['tessera client workload update deploy ci --expires-at 2027-01-31'],
    }),
    routeCommand({
      name: 'revoke',
      route: 'revokeWorkload',
      prepare: byName,
      destroys: ({ params }) => `The workload is client ${params['clientId']} no more.`,
      examples: ['tessera client workload revoke deploy ci --yes'],
    }),
  ],
};
