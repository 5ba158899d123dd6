import { GRANT_TYPES } from './client.ts';
import {
  type ClientMetadata,
  type MetadataRefusal,
  readClientMetadata,
} from './client-metadata.ts';
import { ASSERTION_ALGORITHMS } from './jws-algorithm.ts';
import { type Result, refuse } from './result.ts';

/** Bytes. draft-ietf-oauth-client-id-metadata-document recommends as many as the most. */
export const CLIENT_ID_DOCUMENT_BYTES_MAX = 5 * 1024;

/** What nobody can share with everybody who reads the document. */
const SECRETS = ['client_secret', 'client_secret_expires_at'] as const;

/**
 * Reads the document at a client id. It must say itself where it is, by simple comparison: one that
 * was copied, or that another wrote to a place of its own, is of no client. Only keys can prove who
 * is the client; the draft forbids secrets, and all methods that need one.
 *
 * What it says of scopes and of redirection decides nothing, and grant types that are not served
 * here are for other servers: it is the same document for all of them.
 */
export function readClientIdDocument(
  clientId: string,
  document: Readonly<Record<string, unknown>>,
): Result<ClientMetadata, MetadataRefusal> {
  if (document['client_id'] !== clientId)
    return invalid('client_id', 'must be the address of the document');
  const secret = SECRETS.find((member) => Object.hasOwn(document, member));
  if (secret !== undefined) return invalid(secret, 'must not be there');
  const {
    grant_types: grantTypes,
    response_types: _responseTypes,
    redirect_uris: _redirectUris,
    scope: _scope,
    ...members
  } = document;
  const served = Array.isArray(grantTypes)
    ? GRANT_TYPES.filter((one) => grantTypes.includes(one))
    : grantTypes;
  return readClientMetadata(
    { ...members, ...(served !== undefined && { grant_types: served }) },
    {
      grantTypes: GRANT_TYPES,
      methods: ['private_key_jwt'],
      algorithms: ASSERTION_ALGORITHMS,
      scopes: [],
    },
  );
}

const invalid = (member: string, detail: string) =>
  refuse({ reason: 'client_metadata_invalid', member, detail } as const);
