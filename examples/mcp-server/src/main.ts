import { startMcpServer } from './index.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
if (!settings.ok) {
  for (const problem of settings.refusal) console.error(problem);
  process.exitCode = 2;
} else {
  const server = await startMcpServer({ ...settings.value, log: (line) => console.error(line) });
  console.log(`mcp-server listens at ${server.resource}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void server.close());
}
