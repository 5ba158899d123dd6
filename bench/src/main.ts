/** The benchmark: measures, prints, keeps. `--help` says how. */
import { killChildren } from './children.ts';
import { describeMachineLines, keepResults } from './keep-results.ts';
import { measureAll } from './measure-all.ts';
import { OptionMistaken, readOptions, USAGE } from './options.ts';
import { describeFindings } from './report.ts';
import { createScratch, removeScratch } from './scratch.ts';

async function run(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const scratch = createScratch(options.directory);
  process.once('exit', () => removeScratch(scratch));

  const findings = await measureAll(options, scratch, (line) => console.error(line));
  if (options.json) console.log(JSON.stringify(findings, undefined, 2));
  else
    console.log(
      [...describeMachineLines(findings.machine), '', ...describeFindings(findings)].join('\n'),
    );
  if (options.write) console.error(`kept in ${keepResults(findings)}.md and .json`);
}

/** What went wrong, outermost first. */
function describeFault(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  const cause = fault.cause === undefined ? '' : `: ${describeFault(fault.cause)}`;
  return `${fault.message}${cause}`;
}

// Children first: a scratch directory cannot be removed under a server that still writes to it.
process.once('exit', killChildren);
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  await run(process.argv.slice(2));
} catch (fault) {
  console.error(describeFault(fault));
  process.exitCode = fault instanceof OptionMistaken ? 2 : 1;
}
