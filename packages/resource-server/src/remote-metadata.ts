import {
  metadataAddresses,
  ok,
  type Result,
  readMetadata,
  refuse,
  type ServerMetadata,
} from '@tessera/protocol';
import { exchange, jsonOf, mayBeAsked, type Transport } from './exchange.ts';
import type { Remembered } from './remembered.ts';

/** Why something of the authorization server could not be had, in one line without secrets. */
export type RemoteProblem = {
  readonly reason: 'authorization_server_unreachable' | 'authorization_server_answer_malformed';
  readonly message: string;
};

export type RemoteMetadata = Remembered<ServerMetadata, RemoteProblem>;

/**
 * Fetches the metadata of an issuer. RFC 8414 §3. It must name the very issuer (§3.3): nothing else
 * keeps one server from passing itself off as another.
 */
export async function fetchMetadata(
  issuer: string,
  transport: Transport,
): Promise<Result<ServerMetadata, RemoteProblem>> {
  const addresses = metadataAddresses(issuer) ?? [];
  let last = `${issuer} is no issuer`;
  for (const address of addresses) {
    const answer = await exchange(address, { headers: { accept: 'application/json' } }, transport);
    if (answer === undefined) return unreachable(address);
    last = `${address} answered ${answer.status} without a metadata document`;
    const document = answer.status === 200 ? jsonOf(answer) : undefined;
    if (document === undefined) continue;
    const metadata = readMetadata(document, issuer);
    if (metadata.ok) return metadata;
    const { refusal } = metadata;
    return malformed(
      refusal.reason === 'metadata_member_malformed'
        ? `${address} has a malformed ${refusal.member}`
        : `${address} is not the metadata of ${issuer}`,
    );
  }
  return malformed(last);
}

/** The address of an endpoint, from the metadata, if it may be asked. */
export async function findEndpoint(
  metadata: RemoteMetadata,
  member: 'jwks_uri' | 'introspection_endpoint',
  transport: Transport,
): Promise<Result<string, RemoteProblem>> {
  const found = await metadata.find();
  if (!found.ok) return found;
  const address = found.value[member];
  if (address === undefined) return malformed(`${found.value.issuer} has no ${member}`);
  return mayBeAsked(address, transport)
    ? ok(address)
    : malformed(`${address} is not https; allowHttp permits it`);
}

export const unreachable = (address: string) =>
  refuse({
    reason: 'authorization_server_unreachable',
    message: `${address} can not be reached, or answers too much or too late`,
  } as const);

export const malformed = (message: string) =>
  refuse({ reason: 'authorization_server_answer_malformed', message } as const);
