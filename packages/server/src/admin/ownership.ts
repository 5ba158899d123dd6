import type { Environment } from '../environment.ts';

/** Whether a user owns an application whose client this is. Nobody owns an unknown client. */
export async function ownsClient(
  env: Pick<Environment, 'store'>,
  realm: string,
  userId: string,
  clientId: string | undefined,
): Promise<boolean> {
  if (clientId === undefined) return false;
  const owned = await env.store.applications.list(realm, { limit: 1, owner: userId, clientId });
  return owned.items.length > 0;
}

export async function ownsApplication(
  env: Pick<Environment, 'store'>,
  realm: string,
  userId: string,
  applicationId: string,
): Promise<boolean> {
  const application = await env.store.applications.find(realm, applicationId);
  return application?.owners.includes(userId) ?? false;
}
