import { attributeOptions, readAttributes, withMembers } from './claim-options.ts';
import { CERTIFICATE_COMMANDS } from './client-certificates.ts';
import { KEY_COMMANDS } from './client-keys.ts';
import { WORKLOAD_COMMANDS } from './client-workloads.ts';
import type { CommandGroup, Invocation } from './command.ts';
import { SECRET_COMMANDS } from './credentials.ts';
import { findApiId } from './find-by-name.ts';
import { newSecretOptions, readNewSecret } from './new-secret.ts';
import { isRecord } from './output.ts';
import { type Asked, routeCommand } from './route-command.ts';
import { SECRET_FILE_OPTION, showSecret } from './show-secret.ts';

/** Two tables where a person reads: what holds for the client, and what for each API. */
function presentAccess({ flags, report, terminal }: Invocation, answer: unknown): void {
  if ((flags.output ?? 'table') !== 'table' || !isRecord(answer)) {
    report(answer);
    return;
  }
  const { apis, ...client } = answer;
  report(client);
  terminal.output.write('\n');
  report(Array.isArray(apis) ? apis.filter(isRecord).map(withClaimsAsTexts) : apis, {
    columns: [
      ...['name', 'identifier', 'scopes', 'accessTokenLifetime', 'tokenFormat', 'tokenBinding'],
      ...['claims', 'claimsHook'],
    ],
  });
}

/** `team=payments (api)`, as claims are given; of the hook what a request for a token notices. */
function withClaimsAsTexts({ claims, claimsHook, ...api }: Readonly<Record<string, unknown>>) {
  const named = Array.isArray(claims) ? claims.filter(isRecord) : [];
  return {
    ...api,
    claims: named.map(({ name, value, from }) =>
      typeof value === 'string'
        ? `${String(name)}=${value} (${String(from)})`
        : `${String(name)}:=${JSON.stringify(value)} (${String(from)})`,
    ),
    claimsHook: isRecord(claimsHook)
      ? `${String(claimsHook['onFailure'])} after ${String(claimsHook['timeoutMilliseconds'])} ms`
      : null,
  };
}

/** An API can be named by its identifier, too. */
async function claimsOfApi(asked: Asked): Promise<Partial<Asked>> {
  const { apiId } = asked.body;
  return typeof apiId === 'string'
    ? { body: { ...asked.body, apiId: await findApiId(asked, apiId) } }
    : {};
}

export const CLIENT_COMMANDS: CommandGroup = {
  name: 'client',
  summary: 'OAuth 2.0 clients: what authenticates and is given tokens',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listClients',
      columns: [
        'clientId',
        'name',
        'enabled',
        'type',
        'authenticationMethod',
        'scopes',
        'createdAt',
      ],
      examples: ['tessera client list --realm alpha', 'tessera client list --search report'],
    }),
    routeCommand({
      name: 'get',
      route: 'findClient',
      examples: ['tessera client get myClient --output yaml'],
    }),
    routeCommand({
      name: 'create',
      route: 'registerClient',
      bodyOperand: { member: 'clientId', required: false },
      options: [...attributeOptions(false), ...newSecretOptions(), SECRET_FILE_OPTION],
      prepare: async (asked) => ({
        body: { ...withMembers(asked, readAttributes), ...(await readNewSecret(asked)) },
      }),
      present: (invocation, answer) =>
        showSecret(invocation, answer, ['secret', 'secret'], 'clientSecret'),
      examples: [
        'tessera client create myClient --scope write --secret-file ./myClient.secret',
        'tessera client create --name "Nightly report" --scope "read write" --output env',
      ],
    }),
    routeCommand({
      name: 'update',
      route: 'updateClient',
      options: attributeOptions(true),
      prepare: async (asked) => ({ body: withMembers(asked, readAttributes) }),
      examples: [
        'tessera client update myClient --scope "read write" --access-token-lifetime 15m',
        'tessera client update myClient --no-access-token-lifetime',
        'tessera client update myClient --attribute team=payments --attribute region=eu',
      ],
    }),
    routeCommand({
      name: 'replace',
      route: 'replaceClient',
      // Objects come from a file.
      without: ['certificates'],
      options: attributeOptions(false),
      prepare: async (asked) => ({ body: withMembers(asked, readAttributes) }),
      examples: ['tessera client replace myClient --file client.yaml'],
    }),
    routeCommand({
      name: 'disable',
      route: 'updateClient',
      summary: 'Disable a client: it gets no tokens, and those it has are void meanwhile',
      body: { enabled: false },
      examples: ['tessera client disable myClient'],
    }),
    routeCommand({
      name: 'enable',
      route: 'updateClient',
      summary: 'Enable a client again',
      body: { enabled: true },
      examples: ['tessera client enable myClient'],
    }),
    routeCommand({
      name: 'delete',
      route: 'deleteClient',
      destroys: ({ params }) =>
        `Client ${params['clientId']} is deleted with its secrets and grants; its tokens are void.`,
      examples: ['tessera client delete myClient'],
    }),
    routeCommand({
      name: 'access',
      route: 'findClientAccess',
      present: presentAccess,
      examples: ['tessera client access myClient'],
    }),
    routeCommand({
      name: 'claims',
      route: 'previewClientClaims',
      without: ['claims'],
      prepare: claimsOfApi,
      examples: [
        'tessera client claims myClient',
        'tessera client claims myClient --api-id orders',
      ],
    }),
    routeCommand({
      name: 'tokens',
      route: 'listTokensOfClient',
      columns: ['issuedAt', 'expiresAt', 'obstacle', 'scope', 'audience', 'format', 'jti'],
      examples: ['tessera client tokens myClient', 'tessera client tokens myClient --output json'],
    }),
    routeCommand({
      name: 'revoke-tokens',
      route: 'revokeTokensOfClient',
      destroys: ({ params }) => `Every access token of client ${params['clientId']} becomes void.`,
      examples: ['tessera client revoke-tokens myClient'],
    }),
    SECRET_COMMANDS,
    KEY_COMMANDS,
    CERTIFICATE_COMMANDS,
    WORKLOAD_COMMANDS,
  ],
};
