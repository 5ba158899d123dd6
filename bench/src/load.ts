/** The load generator: a process of its own, so that its time is not the server's. */
import { drive } from './drive.ts';
import type { LoadPlan, LoadReport } from './traffic.ts';

process.once('message', (plan: LoadPlan) => {
  drive(plan).then(
    (result) => tell({ outcome: 'measured', result }),
    (fault: unknown) =>
      tell({ outcome: 'failed', why: fault instanceof Error ? fault.message : String(fault) }),
  );
});
process.once('disconnect', () => process.exit());

function tell(report: LoadReport): void {
  process.send?.(report, () => process.disconnect());
}
