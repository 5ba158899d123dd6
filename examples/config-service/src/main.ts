import { startConfigService } from './index.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
if (!settings.ok) {
  for (const problem of settings.refusal) console.error(problem);
  process.exitCode = 2;
} else {
  const service = await startConfigService({
    ...settings.value,
    log: (line) => console.error(line),
  });
  console.log(`config-service listens at ${service.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void service.close());
}
