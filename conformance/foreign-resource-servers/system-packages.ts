/*
 * Servers that come from Debian. Where they are not installed, their tests say how to install them
 * and are left out; where TESSERA_TEST_SYSTEM_PACKAGES says that they must be there, they fail.
 */
import { existsSync } from 'node:fs';

/** A program or module, and the Debian package that has it. */
const FILES = {
  nginx: '/usr/sbin/nginx',
  'libnginx-mod-http-js': '/usr/lib/nginx/modules/ngx_http_js_module.so',
  'apache2-bin': '/usr/sbin/apache2',
  'libapache2-mod-auth-openidc': '/usr/lib/apache2/modules/mod_auth_openidc.so',
  'libapache2-mod-oauth2': '/usr/lib/apache2/modules/mod_oauth2.so',
} as const;

export type SystemPackage = keyof typeof FILES;

/** Whether the tests of a server run; otherwise why not is told once. */
export function areThere(packages: readonly SystemPackage[]): boolean {
  const missing = packages.filter((name) => !existsSync(FILES[name]));
  if (missing.length === 0) return true;
  const remedy = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.env['TESSERA_TEST_SYSTEM_PACKAGES'] === 'required')
    throw new Error(`not installed: ${remedy}`);
  process.stderr.write(`not tested, because it is not installed: ${remedy}\n`);
  return false;
}
