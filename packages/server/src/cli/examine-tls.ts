import { type Finding, fail, type Known, ok, warn } from './finding.ts';

/** Seconds before the end of a certificate from which on it is time to renew it. */
const RENEW_BEFORE = 14 * 86_400;

/** Whether the certificate of this server can be used, and for how long. */
export async function checkTls({ config, terminal }: Known): Promise<readonly Finding[]> {
  const about = 'TLS';
  const { tlsCertificateFile: certificateFile, tlsKeyFile: keyFile } = config;
  if (certificateFile === undefined || keyFile === undefined) return [];
  const { readTlsKeyPair } = await import('../main.ts');
  try {
    const { notAfter } = readTlsKeyPair({ certificateFile, keyFile });
    const end = new Date(notAfter * 1000).toISOString();
    const left = notAfter - terminal.now();
    if (left <= 0)
      return [fail(about, `the certificate has ended on ${end}`, 'Renew it: no client trusts it.')];
    return [
      left < RENEW_BEFORE
        ? warn(about, `the certificate ends on ${end}`, 'Renew it; no restart is needed.')
        : ok(about, `certificate and key belong together, until ${end}`),
    ];
  } catch (error) {
    const remedy = 'Correct TESSERA_TLS_CERTIFICATE_FILE and TESSERA_TLS_KEY_FILE.';
    return [fail(about, error instanceof Error ? error.message : String(error), remedy)];
  }
}
