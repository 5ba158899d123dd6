import { describeProblem } from '../contract/problem.ts';
import type { AdminRefusal } from '../contract/refusal.ts';
import { type CrestRefusal, NOT_FOUND } from './crest.ts';

/** Which attribute of theirs a member of the administration API stands for. */
export type Names = Readonly<Record<string, string>>;

/** What to do instead, where the administration API would name a call of its own. */
const REMEDIES: Partial<Record<AdminRefusal['reason'], string>> = {
  client_has_application: 'Delete the application first.',
};

/** What the administration refused, in the words of Common REST: as much, and no more. */
export function describeAdminRefusal(refusal: AdminRefusal, names: Names = {}): CrestRefusal {
  const problem = describeProblem(refusal, '');
  const { status, detail, errors = [] } = problem;
  const retryAfter = 'retryAfter' in refusal ? { retryAfter: refusal.retryAfter } : {};
  if (status === 404) return NOT_FOUND;
  const parts = errors.map(({ pointer, parameter, detail: what }) => ({
    where: nameOf((pointer ?? parameter ?? '').replace(/^\//, ''), names),
    what,
  }));
  // What is wrong with which part says all; that they are listed somewhere would be no help.
  const listed = refusal.reason === 'input_malformed' && parts.length > 0;
  const remedy = REMEDIES[refusal.reason] ?? (listed ? undefined : problem.remedy);
  const said = parts.length > 0 ? parts.map(({ where, what }) => `${where} ${what}.`) : [detail];
  const attribute = parts.map(({ where }) => where).find((one) => isAttribute(one, names));
  return {
    code: codeOf(status),
    message: [...said, remedy]
      .filter((one) => one !== undefined)
      .join(' ')
      .trimStart(),
    ...(attribute !== undefined && { detail: { attribute } }),
    ...retryAfter,
  };
}

const isAttribute = (where: string, names: Names): boolean => Object.values(names).includes(where);

/** By the part itself where that has a name, else by what it is part of. */
function nameOf(where: string, names: Names): string {
  const [first = '', ...others] = where.split('/');
  const named = [others.at(-1), first].find(
    (one) => one !== undefined && Object.hasOwn(names, one),
  );
  if (first === 'keptAttributes') return 'All attributes together';
  return (named === undefined ? undefined : names[named]) ?? where;
}

const CODES = [400, 401, 403, 404, 405, 409, 412, 413, 415, 429, 500, 503] as const;

const codeOf = (status: number): CrestRefusal['code'] =>
  CODES.find((code) => code === status) ?? (status >= 500 ? 500 : 400);
