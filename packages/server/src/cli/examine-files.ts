import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeFailure } from './describe-failure.ts';
import { type Finding, fail, type Known, ok, warn } from './finding.ts';
import { findBootstrapPassword } from './serve.ts';

export function checkDataDirectory({ config, terminal }: Known): readonly Finding[] {
  const about = 'data directory';
  const path = resolve(terminal.workingDirectory, config.dataDirectory);
  if (!existsSync(path)) {
    const parent = nearestExisting(path);
    return [
      isWritable(parent)
        ? ok(about, `${path} will be made at the first start`)
        : fail(
            about,
            `${path} does not exist, and ${parent} can not be written`,
            'Make it, owned by the user that runs the server, or choose another: TESSERA_DATA_DIR.',
          ),
    ];
  }
  if (!statSync(path).isDirectory())
    return [fail(about, `${path} is no directory`, 'Choose another: TESSERA_DATA_DIR.')];
  if (!isWritable(path))
    return [fail(about, `${path} can not be written`, `Let this user own it: chown ${path}.`)];
  const mode = statSync(path).mode & 0o777;
  const password = findBootstrapPassword(config);
  return [
    (mode & 0o077) === 0
      ? ok(about, `${path} can be written, and by its owner alone`)
      : warn(
          about,
          `${path} is open to others (mode ${mode.toString(8)})`,
          `Close it: chmod 700 ${path}.`,
        ),
    ...(password === undefined
      ? []
      : [
          warn(
            'first password',
            `${password} is still there`,
            'Sign in with it once, choose a password of your own, then remove the file.',
          ),
        ]),
  ];
}

function nearestExisting(path: string): string {
  const parent = dirname(path);
  return existsSync(parent) || parent === path ? parent : nearestExisting(parent);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function checkMasterKey({ config, terminal }: Known): Finding {
  const about = 'master key';
  if (config.masterKey !== undefined) return ok(about, 'given in TESSERA_MASTER_KEY');
  const path = join(resolve(terminal.workingDirectory, config.dataDirectory), 'master.key');
  if (!existsSync(path))
    return config.databaseUrl.startsWith('file:')
      ? ok(about, `${path} will be made at the first start`)
      : warn(
          about,
          `${path} will be made at the first start, on this node alone`,
          'Nodes that share a database share the key: set TESSERA_MASTER_KEY_FILE on each.',
        );
  try {
    if (Buffer.from(readFileSync(path, 'utf8').trim(), 'base64').length !== 32)
      return fail(about, `${path} does not hold 32 bytes in base64`, 'Restore it from its backup.');
  } catch {
    return fail(about, `${path} can not be read`, `Let this user own it: chown ${path}.`);
  }
  const mode = statSync(path).mode & 0o777;
  return (mode & 0o077) === 0
    ? ok(about, `${path}, for its owner alone`)
    : warn(about, `${path} can be read by others (mode ${mode.toString(8)})`, `chmod 600 ${path}`);
}

export async function checkDatabase({ config, terminal }: Known): Promise<Finding> {
  const about = 'database';
  const url = config.databaseUrl;
  if (url.startsWith('file:')) {
    const path = url.startsWith('file://')
      ? fileURLToPath(url)
      : resolve(terminal.workingDirectory, url.slice('file:'.length));
    if (!existsSync(path)) return ok(about, `${path} will be made at the first start`);
  }
  try {
    const { migrationStatus } = await import('../main.ts');
    const { applied, pending, unknown } = await migrationStatus(url);
    if (unknown.length > 0)
      return fail(
        about,
        `migrated by a newer version (${unknown.join(', ')})`,
        'Start that version, or restore a backup from before the upgrade.',
      );
    if (pending.length === 0) return ok(about, `answers, ${applied.length} migrations applied`);
    return config.autoMigrate
      ? ok(about, `answers, ${pending.length} migrations will be applied at the next start`)
      : fail(about, `answers, and lacks ${pending.join(', ')}`, 'Run tessera db migrate.');
  } catch (error) {
    const { message, remedy } = describeFailure(error);
    return fail(about, message, remedy ?? 'Check TESSERA_DATABASE_URL and that the database runs.');
  }
}
