import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { adopt } from './children.ts';
import { nodeCommand } from './pinning.ts';
import type { LoadPlan, LoadReport, LoadResult } from './traffic.ts';

const GENERATOR = fileURLToPath(new URL('./load.js', import.meta.url));
const GRACE_SECONDS = 60;

/** Runs the load generator in a process of its own and resolves with what it measured. */
export function runLoad(core: number | undefined, plan: LoadPlan): Promise<LoadResult> {
  const { command, args } = nodeCommand(core, [GENERATOR]);
  const child = adopt(spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  return new Promise((resolve, reject) => {
    const bound = setTimeout(
      () => {
        child.kill('SIGKILL');
        reject(new Error('the load generator did not end'));
      },
      (plan.warmUpSeconds + plan.seconds + GRACE_SECONDS) * 1000,
    );
    child.once('message', (report: LoadReport) => {
      clearTimeout(bound);
      if (report.outcome === 'measured') resolve(report.result);
      else reject(new Error(report.why));
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(bound);
      reject(new Error(`the load generator ended with ${code} before it had measured`));
    });
    child.send(plan);
  });
}
