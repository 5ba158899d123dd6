import { Option } from 'commander';
import pico from 'picocolors';
import { type Config, readConfig } from '../config.ts';
import { defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { checkDatabase, checkDataDirectory, checkMasterKey } from './examine-files.ts';
import { checkPort, checkPublicUrl } from './examine-network.ts';
import { checkTls } from './examine-tls.ts';
import { type Finding, fail, type Known, ok } from './finding.ts';
import { printable, usesColour } from './output.ts';
import { readStrings, SETTING_FLAGS, type SettingFlags } from './settings.ts';
import type { Terminal } from './terminal.ts';

export const DOCTOR_COMMAND = defineCommand<SettingFlags>({
  name: 'doctor',
  summary: 'Look at the settings, files, database, port, public URL and clock of a server here',
  description:
    'Changes nothing. Run it as the user that runs the server. Ends with exit code 1 when something would keep the server from working.',
  local: true,
  options: Object.values(SETTING_FLAGS).map(([flags]) => new Option(flags, 'as for serve')),
  examples: ['tessera doctor', 'tessera doctor --data-dir /var/lib/tessera --output json'],
  run: examine,
});

async function examine({ terminal, flags, report }: Invocation<SettingFlags>): Promise<void> {
  const findings: Finding[] = [checkNode(terminal)];
  const { strings, problems } = readStrings(terminal, flags);
  const config = readConfig(strings);
  const wrong = config.ok ? problems : [...problems, ...config.refusal];
  findings.push(
    ...wrong.map(({ variable, problem }) =>
      fail('settings', `${variable} ${problem}`, `Correct ${variable}: docs/configuration.md.`),
    ),
  );
  if (config.ok && wrong.length === 0) {
    findings.push(ok('settings', 'complete and well-formed'));
    findings.push(...(await examineServer(terminal, config.value)));
  }
  if (flags.output === undefined) show(terminal, findings);
  else report(findings, { columns: ['state', 'about', 'found', 'remedy'] });
  const failed = findings.filter(({ state }) => state === 'fail').length;
  if (failed > 0)
    throw new CommandFailure(
      'error',
      failed === 1 ? 'one thing would not work' : `${failed} things would not work`,
      'Do what stands below each line that fails.',
    );
}

async function examineServer(terminal: Terminal, config: Config): Promise<readonly Finding[]> {
  const port = await checkPort(config);
  const known: Known = { terminal, config, running: port.running };
  return [
    ...checkDataDirectory(known),
    checkMasterKey(known),
    await checkDatabase(known),
    port.finding,
    ...(await checkTls(known)),
    ...(await checkPublicUrl(known)),
  ];
}

const WORDS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

function show(terminal: Terminal, findings: readonly Finding[]): void {
  const { green, yellow, red } = pico.createColors(usesColour(terminal));
  const colours = { ok: green, warn: yellow, fail: red };
  for (const { about, state, found, remedy } of findings) {
    const line = `${colours[state](WORDS[state])} ${about.padEnd(14)} ${printable(found)}`;
    terminal.output.write(
      `${line}\n${remedy === undefined ? '' : `${' '.repeat(20)}${printable(remedy)}\n`}`,
    );
  }
}

function checkNode({ nodeVersion }: Terminal): Finding {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    return fail('node', `version ${nodeVersion}`, 'Install Node 24 LTS; 20.19 is the least.');
  return ok('node', `version ${nodeVersion}`);
}
