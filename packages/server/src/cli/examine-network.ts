import { discover, UnreachableError } from '@tessera/client';
import type { Config } from '../config.ts';
import { allowsHttp } from './connection.ts';
import { describeFailure } from './describe-failure.ts';
import { type Finding, fail, type Known, ok, warn } from './finding.ts';

/** Seconds by which a clock may be wrong before tokens are judged differently here and there. */
const SKEW_MAX = 30;

const TIMEOUT_MILLISECONDS = 5000;

const ANY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '']);

/** Asked like a client would: nothing there, a Tessera, or something else. */
export async function checkPort(
  config: Config,
): Promise<{ readonly finding: Finding; readonly running: boolean }> {
  const about = 'port';
  const { host, port } = config;
  const scheme = config.tlsCertificateFile === undefined ? 'http' : 'https';
  if (port === 0) return { finding: ok(about, 'any that is free'), running: false };
  const address = ANY_ADDRESS.has(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const place = `${address}:${port}`;
  try {
    const response = await ask(`${scheme}://${place}/health/live`);
    const body = await response.text();
    if (response.ok && body.includes('"live"'))
      return { finding: ok(about, `${place} is served by a Tessera that runs`), running: true };
  } catch (error) {
    if (codeOf(error) === 'ECONNREFUSED')
      return { finding: ok(about, `${place} is free`), running: false };
    // The certificate is for the public name, which this address is not.
    if (scheme === 'https' && isCertificateProblem(codeOf(error)))
      return {
        finding: ok(about, `${place} answers with TLS, as this server does`),
        running: true,
      };
  }
  const remedy = 'Stop what listens there, or choose another port: TESSERA_PORT.';
  return { finding: fail(about, `${place} is used by something else`, remedy), running: false };
}

const isCertificateProblem = (code: unknown): boolean =>
  typeof code === 'string' && /CERT|SIGNATURE/.test(code);

const ask = (address: string): Promise<Response> =>
  fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });

function codeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}

/** Whether clients find this server where its tokens say that it is, and whether clocks agree. */
export async function checkPublicUrl(known: Known): Promise<readonly Finding[]> {
  const { config, terminal, running } = known;
  const about = 'public URL';
  const issuer = `${config.publicUrl}${config.contextPath}/oauth2/realms/root`;
  try {
    await discover(issuer, {
      allowHttp: allowsHttp(terminal),
      timeoutSeconds: TIMEOUT_MILLISECONDS / 1000,
    });
  } catch (error) {
    const { message } = describeFailure(error);
    if (!(error instanceof UnreachableError))
      return [
        fail(
          about,
          message,
          'Point the proxy at this server, and let TESSERA_PUBLIC_URL and TESSERA_CONTEXT_PATH be what clients see.',
        ),
      ];
    return [
      running
        ? fail(about, message, 'Check DNS, the proxy and its certificate.')
        : warn(about, message, 'Start the server, then look again.'),
    ];
  }
  return [ok(about, `${issuer} answers with its own metadata`), await checkClock(known)];
}

async function checkClock({ config, terminal }: Known): Promise<Finding> {
  const about = 'clock';
  const response = await ask(`${config.publicUrl}/health/live`);
  await response.body?.cancel();
  const told = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(told))
    return warn(about, 'the server tells no time', 'Let the proxy keep Date.');
  const skew = Math.abs(Math.floor(told / 1000) - terminal.now());
  return skew <= SKEW_MAX
    ? ok(about, 'agrees with what the public URL tells')
    : fail(about, `${skew} s away from what the public URL tells`, 'Run NTP on both machines.');
}
