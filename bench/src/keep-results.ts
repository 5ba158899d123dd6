import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Findings, Machine } from './findings.ts';
import { describeFindings } from './report.ts';

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

/** Writes a run to `bench/results`, for people and as JSON; returns the files' common name. */
export function keepResults(findings: Findings): string {
  const { date, processor, node } = findings.machine;
  const name = `${date.slice(0, 10)}-${slugOf(processor)}-node${node}`;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${RESULTS}${name}.json`, `${JSON.stringify(findings, undefined, 2)}\n`);
  writeFileSync(`${RESULTS}${name}.md`, formatPage(findings));
  return `${RESULTS}${name}`;
}

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/\((?:r|tm)\)/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

function formatPage(findings: Findings): string {
  return [
    `# Measured on ${findings.machine.date.slice(0, 10)}`,
    '',
    ...describeMachineLines(findings.machine).map((line) => `- ${line}`),
    '',
    'How to read this: [performance](../../docs/performance.md).',
    '',
    '```',
    ...describeFindings(findings),
    '```',
    '',
  ].join('\n');
}

export function describeMachineLines(machine: Machine): readonly string[] {
  return [
    `${machine.date}`,
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, ${machine.system}`,
    `Node ${machine.node}, OpenSSL ${machine.openssl}`,
    `Tessera ${machine.tessera}, oidc-provider ${machine.peer}`,
    machine.pinned
      ? 'server on core 0, load generator on core 1'
      : 'not pinned to cores: taskset or a second core is missing',
    `databases on ${machine.fileSystem}`,
    `${machine.seconds} s a measurement after ${machine.warmUpSeconds} s of warm-up`,
  ];
}
