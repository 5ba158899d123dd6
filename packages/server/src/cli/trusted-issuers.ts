import { Option } from 'commander';
import type { CommandGroup } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { findIssuerId } from './find-by-name.ts';
import { type Asked, routeCommand } from './route-command.ts';
import { readText } from './secret-files.ts';

const byName = async (asked: Asked): Promise<Partial<Asked>> => ({
  params: {
    ...asked.params,
    issuerId: await findIssuerId(asked, asked.params['issuerId'] ?? ''),
  },
});

const JWKS_FILE_OPTION = new Option(
  '--jwks-file <path>',
  'the keys of the issuer as a JWK Set, where they have no address; - for standard input',
);

async function readKeySetFile({ terminal, flags, body }: Asked): Promise<Partial<Asked>> {
  const { jwksFile } = flags;
  if (typeof jwksFile !== 'string') return {};
  try {
    return { body: { ...body, jwks: JSON.parse(await readText(terminal, jwksFile)) } };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CommandFailure(
      'usage',
      `${jwksFile} is not JSON`,
      'Write a JWK Set there, for example: kubectl get --raw /openid/v1/jwks > jwks.json.',
    );
  }
}

export const ISSUER_COMMANDS: CommandGroup = {
  name: 'issuer',
  summary: 'Clusters, forges, trust domains and OpenID providers that vouch for workloads',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listTrustedIssuers',
      columns: ['name', 'preset', 'issuer', 'uses', 'enabled', 'id'],
      examples: ['tessera trust issuer list --realm alpha'],
    }),
    routeCommand({
      name: 'get',
      route: 'findTrustedIssuer',
      prepare: byName,
      examples: ['tessera trust issuer get github'],
    }),
    routeCommand({
      name: 'add',
      route: 'createTrustedIssuer',
      bodyOperand: { member: 'name', required: true },
      options: [JWKS_FILE_OPTION],
      prepare: readKeySetFile,
      examples: [
        'tessera trust issuer add github --preset github',
        'tessera trust issuer add prod --preset kubernetes --issuer https://kubernetes.default.svc.cluster.local --jwks-file jwks.json',
        'tessera trust issuer add mesh --preset spiffe --issuer example.org --jwks-uri https://spire.example.org/bundle',
        'tessera trust issuer add idp --preset oidc --issuer https://idp.example.com',
      ],
    }),
    routeCommand({
      name: 'update',
      route: 'updateTrustedIssuer',
      options: [JWKS_FILE_OPTION],
      prepare: async (asked) => ({ ...(await readKeySetFile(asked)), ...(await byName(asked)) }),
      examples: [
        'tessera trust issuer update prod --jwks-file jwks.json',
        'tessera trust issuer update prod --no-enabled',
      ],
    }),
    routeCommand({
      name: 'remove',
      route: 'deleteTrustedIssuer',
      prepare: byName,
      destroys: () => 'Assertions of this issuer are refused at once.',
      examples: ['tessera trust issuer remove github --yes'],
    }),
  ],
};
