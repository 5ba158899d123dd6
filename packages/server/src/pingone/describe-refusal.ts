import { describeProblem } from '../contract/problem.ts';
import type { AdminRefusal } from '../contract/refusal.ts';
import { type CrestRefusal, NOT_FOUND } from './crest.ts';

/** What the administration refused, in the words of Common REST: as much, and no more. */
export function describeAdminRefusal(refusal: AdminRefusal): CrestRefusal {
  const { status, detail, remedy, errors } = describeProblem(refusal, '');
  const retryAfter = 'retryAfter' in refusal ? { retryAfter: refusal.retryAfter } : {};
  if (status === 404) return NOT_FOUND;
  const parts = (errors ?? []).map(({ pointer, parameter, detail: what }) => {
    const where = (pointer ?? parameter ?? '').replace(/^\//, '');
    return where === '' ? what : `${where} ${what}`;
  });
  const message = [detail, ...parts.map((part) => `${part}.`), remedy]
    .filter((one) => one !== undefined)
    .join(' ');
  return { code: codeOf(status), message, ...retryAfter };
}

const CODES = [400, 401, 403, 404, 405, 409, 412, 413, 415, 429, 500, 503] as const;

const codeOf = (status: number): CrestRefusal['code'] =>
  CODES.find((code) => code === status) ?? (status >= 500 ? 500 : 400);
