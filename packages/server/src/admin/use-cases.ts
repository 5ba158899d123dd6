import type { ResourceRouteName } from '../contract/routes.ts';
import { createApi } from './apis/create-api.ts';
import { deleteApi } from './apis/delete-api.ts';
import { findApi, listApis } from './apis/find-apis.ts';
import { updateApi } from './apis/update-api.ts';
import { createApplication } from './applications/create-application.ts';
import { deleteApplication } from './applications/delete-application.ts';
import { findApplication, listApplications } from './applications/find-applications.ts';
import { listApplicationSummaries } from './applications/list-application-summaries.ts';
import { updateApplication } from './applications/update-application.ts';
import {
  listClientsOfApi,
  listGrantsOfApi,
  listGrantsOfClient,
} from './client-grants/find-client-grants.ts';
import { removeClientGrant, setClientGrant } from './client-grants/set-client-grant.ts';
import { deleteClient } from './clients/delete-client.ts';
import { findClientAccess } from './clients/find-client-access.ts';
import { findClient, listClients } from './clients/find-clients.ts';
import { previewClientClaims } from './clients/preview-claims.ts';
import { registerClient } from './clients/register-client.ts';
import { replaceClient } from './clients/replace-client.ts';
import { revokeTokensOfClient, updateClient } from './clients/update-client.ts';
import { addSecret } from './credentials/add-secret.ts';
import {
  addCertificate,
  listCertificates,
  revokeCertificate,
  updateCertificate,
} from './credentials/client-certificates.ts';
import { addKey, listKeys, revokeKey, updateKey } from './credentials/client-keys.ts';
import { listSecrets } from './credentials/find-secrets.ts';
import { rotateSecret } from './credentials/rotate-secret.ts';
import { revokeSecret, updateSecret } from './credentials/update-secret.ts';
import {
  addWorkload,
  listWorkloads,
  revokeWorkload,
  updateWorkload,
} from './credentials/workloads.ts';
import { countExpiring, listExpiring } from './endings/list-endings.ts';
import { listEvents } from './events/list-events.ts';
import {
  createInitialAccessToken,
  listInitialAccessTokens,
  revokeInitialAccessToken,
} from './initial-access-tokens/initial-access-tokens.ts';
import { findProvider, updateProvider } from './providers/update-provider.ts';
import { applyRealm, compareRealm, exportRealm, importRealm } from './realm-files/realm-files.ts';
import { createRealm } from './realms/create-realm.ts';
import { deleteRealm } from './realms/delete-realm.ts';
import { findRealm, findRealmAddresses, listRealms } from './realms/find-realms.ts';

import { revokeTokensOfRealm, updateRealm } from './realms/update-realm.ts';
import { listRefusals, listRefusalsOfClient } from './refusals/list-refusals.ts';
import { endSession, endSessionsOfUser, listSessions } from './sessions/sessions-of-others.ts';
import {
  listSigningKeys,
  retireSigningKey,
  revokeSigningKey,
  rotateSigningKey,
} from './signing-keys/change-signing-keys.ts';
import { findSystem, listNodes } from './system/find-system.ts';
import { inspectToken } from './tokens/inspect-token.ts';
import { listTokensOfClient } from './tokens/list-tokens-of-client.ts';
import { revokeToken } from './tokens/revoke-token.ts';
import {
  createTrustedAuthority,
  deleteTrustedAuthority,
  findTrustedAuthority,
  listTrustedAuthorities,
} from './trusted-authorities/trusted-authorities.ts';
import { createTrustedIssuer } from './trusted-issuers/create-trusted-issuer.ts';
import { deleteTrustedIssuer } from './trusted-issuers/delete-trusted-issuer.ts';
import { findTrustedIssuer, listTrustedIssuers } from './trusted-issuers/find-trusted-issuers.ts';
import { updateTrustedIssuer } from './trusted-issuers/update-trusted-issuer.ts';
import { listTokenRates } from './usage/list-rates.ts';
import { listUnusedClients } from './usage/list-unused-clients.ts';
import { listUsage, listUsageByClient, listUsageOfClient } from './usage/list-usage.ts';
import type { UseCase } from './use-case.ts';
import { createUser } from './users/create-user.ts';
import { deleteUser } from './users/delete-user.ts';
import { findUser, listUsers } from './users/find-users.ts';
import { setPassword } from './users/set-password.ts';
import { updateUser } from './users/update-user.ts';

/** One use case for each route; a route without one does not compile. */
export const USE_CASES: { readonly [Name in ResourceRouteName]: UseCase<Name> } = {
  listRealms,
  createRealm,
  findRealm,
  findRealmAddresses,
  updateRealm,
  deleteRealm,
  revokeTokensOfRealm,
  exportRealm,
  compareRealm,
  applyRealm,
  importRealm,
  findProvider,
  updateProvider,
  listUsers,
  createUser,
  findUser,
  updateUser,
  deleteUser,
  setPassword,
  listApplications,
  listApplicationSummaries,
  createApplication,
  findApplication,
  updateApplication,
  deleteApplication,
  listClients,
  registerClient,
  findClient,
  updateClient,
  replaceClient,
  deleteClient,
  revokeTokensOfClient,
  findClientAccess,
  previewClientClaims,
  listInitialAccessTokens,
  createInitialAccessToken,
  revokeInitialAccessToken,
  listSecrets,
  addSecret,
  rotateSecret,
  updateSecret,
  revokeSecret,
  listKeys,
  addKey,
  updateKey,
  revokeKey,
  listCertificates,
  addCertificate,
  updateCertificate,
  revokeCertificate,
  listWorkloads,
  addWorkload,
  updateWorkload,
  revokeWorkload,
  listExpiring,
  countExpiring,
  listTrustedIssuers,
  createTrustedIssuer,
  findTrustedIssuer,
  updateTrustedIssuer,
  deleteTrustedIssuer,
  listApis,
  createApi,
  findApi,
  updateApi,
  deleteApi,
  listGrantsOfClient,
  listGrantsOfApi,
  listClientsOfApi,
  setClientGrant,
  removeClientGrant,
  listTrustedAuthorities,
  createTrustedAuthority,
  findTrustedAuthority,
  deleteTrustedAuthority,
  listSigningKeys,
  rotateSigningKey,
  retireSigningKey,
  revokeSigningKey,
  inspectToken,
  listTokensOfClient,
  revokeToken,
  listUsage,
  listUsageByClient,
  listUsageOfClient,
  listEvents,
  listSessions,
  endSession,
  endSessionsOfUser,
  listNodes,
  findSystem,
  listRefusals,
  listRefusalsOfClient,
  listTokenRates,
  listUnusedClients,
};
