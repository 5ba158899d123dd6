import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();

/** Remembers a child until it ended, so that none of them outlives this process. */
export function adopt<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/** Ends all children at once: on the way out nobody waits for a server to finish its work. */
export function killChildren(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Whether a child ended within the time given. */
export function ended(child: ChildProcess, milliseconds: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => {
    const exited = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      child.off('exit', exited);
      resolve(false);
    }, milliseconds);
    child.once('exit', exited);
  });
}
