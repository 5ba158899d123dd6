import type { FastifyInstance } from 'fastify';
import type { AdminEnvironment } from '../../admin/use-case.ts';
import type { Environment } from '../../environment.ts';
import type { CertificateReader } from '../certificate-reader.ts';
import { callerReader } from '../read-caller.ts';
import { sessionCookie } from '../session-cookie.ts';
import { registerAmRoutes } from './am-routes.ts';
import { registerIdmRoutes } from './idm-routes.ts';

/*
 * The administration that PingOne Advanced Identity Cloud has: PingAM's, and PingIDM's. Both are
 * translations of the administration API, and decide nothing.
 */

export type PingOneOptions = { readonly cookieName: string };

export function registerPingOneRoutes(
  app: FastifyInstance,
  env: AdminEnvironment & Pick<Environment, 'log'>,
  readCertificate: CertificateReader,
  { cookieName }: PingOneOptions,
): void {
  const { publicUrl, contextPath } = env.addresses;
  const callers = callerReader(sessionCookie(publicUrl), publicUrl, readCertificate);
  registerAmRoutes(app, { env, callers, cookieName, surface: 'am' }, contextPath);
  registerIdmRoutes(app, { env, callers, cookieName, surface: 'idm' });
}
