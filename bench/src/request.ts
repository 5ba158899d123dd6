import type { Address } from './connection.ts';
import type { ClientAccount } from './setting.ts';

/** RFC 6749 §2.3.1. The ids and secrets used here need no form encoding. */
export const formatBasic = ({ clientId, secret }: ClientAccount): string =>
  `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;

/** The bytes of a form request as a client library sends them. */
export function formatRequest(
  address: Address,
  path: string,
  account: ClientAccount,
  form: string,
): Buffer {
  return formatShowing(address, path, [`authorization: ${formatBasic(account)}`], form);
}

/** The same with other headers by which the client shows who it is, or none. */
export function formatShowing(
  address: Address,
  path: string,
  shown: readonly string[],
  form: string,
): Buffer {
  return Buffer.from(
    [
      `POST ${path} HTTP/1.1`,
      `host: ${address.host}:${address.port}`,
      ...shown,
      'content-type: application/x-www-form-urlencoded',
      'accept: application/json',
      'user-agent: tessera-bench',
      `content-length: ${Buffer.byteLength(form)}`,
      '',
      form,
    ].join('\r\n'),
  );
}
