import type { Problem } from '../contract/index.ts';
import { CommandFailure, type FailureKind } from './command-failure.ts';
import type { Connection } from './connection.ts';
import { isRecord } from './output.ts';

/** An RFC 9457 problem in the words of the command line. */
export function describeProblem(
  received: { readonly status: number; readonly headers: Headers; readonly json: unknown },
  connection: Connection,
  params: Readonly<Record<string, string>>,
): CommandFailure {
  const { status, headers, json } = received;
  const kind = kindOf(status);
  if (!isProblem(json))
    return new CommandFailure(
      kind,
      `${connection.server} answered ${status}`,
      'Check that --server is the public URL of a Tessera server.',
    );
  const named = NAMED_BY[reasonOf(json)];
  const message = `${json.title}: ${named === undefined ? json.detail : params[named]}`;
  const parts = (json.errors ?? []).map(
    ({ pointer, parameter, detail }) => `${pointer ?? parameter ?? ''}: ${detail}`,
  );
  return new CommandFailure(kind, message, remedyFor(json, headers, connection), parts);
}

const TAKEN = 'Choose another name, or change what is there with update.';

/** The remedies of the problem speak of HTTP. Where a command does the same, it is named. */
const REMEDIES: Readonly<Record<string, string>> = {
  input_malformed: 'Correct each part that is listed.',
  realm_name_taken: TAKEN,
  user_name_taken: TAKEN,
  client_id_taken: TAKEN,
  api_id_taken: TAKEN,
  api_identifier_taken: TAKEN,
  credentials_missing: 'Sign in: tessera login.',
  credentials_invalid: 'Sign in again: tessera login.',
  password_change_required: 'Sign in again and choose a password of your own: tessera login.',
  revision_stale: 'See what it is now, then repeat the command.',
  precondition_missing: 'Repeat the command; it reads the object first.',
  realm_unknown: 'See which realms there are: tessera realm list.',
  realm_out_of_reach: 'See which realms there are: tessera realm list.',
  user_unknown: 'See which users there are: tessera user list.',
  application_unknown: 'See which applications there are: tessera app list.',
  client_unknown: 'See which clients there are: tessera client list.',
  secret_unknown: 'See which secrets there are: tessera client secret list CLIENT_ID.',
  key_unknown: 'See which keys there are: tessera client key list CLIENT_ID.',
  certificate_unknown: 'See which there are: tessera client cert list CLIENT_ID.',
  trusted_authority_unknown: 'See which there are: tessera trust ca list.',
  api_unknown: 'See which APIs there are: tessera api list.',
  client_grant_unknown: 'See which there are: tessera grant list --client CLIENT_ID.',
  signing_key_unknown: 'See which keys there are: tessera key list.',
  api_has_grants: 'Remove the client grants first, or delete them too with --cascade.',
  client_has_application:
    'Delete the application and its client: tessera app delete --with-client.',
  credentials_too_many:
    'Revoke one that is not used any more: tessera client secret, key or cert revoke.',
  address_unknown: 'The server is of another version: compare tessera version with its own.',
};

/** What is not there is told by the name under which it was asked for. */
const NAMED_BY: Readonly<Record<string, string>> = {
  realm_unknown: 'realm',
  user_unknown: 'userId',
  application_unknown: 'applicationId',
  client_unknown: 'clientId',
  secret_unknown: 'secretId',
  api_unknown: 'apiId',
  signing_key_unknown: 'kid',
};

const reasonOf = ({ type }: Problem): string => type.replace('urn:tessera:problem:', '');

function remedyFor(problem: Problem, headers: Headers, connection: Connection): string {
  const wait = headers.get('retry-after');
  if (wait !== null) return `Try again in ${wait} seconds.`;
  const reason = reasonOf(problem);
  if (reason === 'credentials_invalid' && connection.access?.kind === 'token')
    return 'Set TESSERA_CLI_TOKEN to a new access token for urn:tessera:admin.';
  if (problem.status >= 500) return `Look for request ${problem.requestId} in the server's log.`;
  return REMEDIES[reason] ?? problem.remedy ?? 'Correct what is named, then repeat the command.';
}

const KINDS: Readonly<Record<number, FailureKind>> = {
  400: 'usage',
  401: 'denied',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
  412: 'conflict',
  422: 'usage',
  428: 'conflict',
  502: 'unreachable',
  503: 'unreachable',
  504: 'unreachable',
};

const kindOf = (status: number): FailureKind => KINDS[status] ?? 'error';

const isProblem = (json: unknown): json is Problem =>
  isRecord(json) && ['type', 'title', 'detail'].every((name) => typeof json[name] === 'string');
