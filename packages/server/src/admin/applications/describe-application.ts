import type { Answer } from '../../contract/routes.ts';
import type { Application } from '../../model/application.ts';

export const describeApplication = (application: Application): Answer<'findApplication'> => ({
  realm: application.realm,
  id: application.id,
  name: application.name,
  description: application.description,
  logoUri: application.logoUri ?? null,
  template: application.template,
  clientId: application.clientId,
  owners: application.owners,
  keptAttributes: application.keptAttributes ?? null,
  createdAt: application.createdAt,
  revision: application.revision,
});
