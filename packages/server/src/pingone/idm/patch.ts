import { ok, type Result, refuse } from '@tessera/protocol';
import { type CrestRefusal, isObject, unreadable } from '../crest.ts';
import type { Members } from './managed-object.ts';

/*
 * PATCH as IDM has it: a list of operations, each with `operation`, `field` (a JSON Pointer whose
 * first slash may be left out) and `value`. They are applied one after the other to a copy, so that
 * either all of them happen or none.
 */

const OPERATIONS_MAX = 100;
const DEPTH_MAX = 16;
const ITEMS_MAX = 1_000;

type Problem = string;

/** What is to stand where something stood; undefined: nothing. */
type Edit = (current: unknown) => Result<unknown, Problem>;

export function applyPatch(object: Members, body: unknown): Result<Members, CrestRefusal> {
  if (!Array.isArray(body) || body.length > OPERATIONS_MAX)
    return refuse(unreadable(`The body must be a list of at most ${OPERATIONS_MAX} operations.`));
  let patched: unknown = object;
  for (const [index, operation] of body.entries()) {
    const changed = applyOperation(patched, operation);
    if (!changed.ok) return refuse(unreadable(`Operation ${index} ${changed.refusal}.`));
    patched = changed.value;
  }
  return ok(patched as Members);
}

function applyOperation(object: unknown, given: unknown): Result<unknown, Problem> {
  if (!isObject(given)) return refuse('must be an object');
  const { operation, field, value } = given;
  if (typeof field !== 'string') return refuse('must have a field');
  const path = field
    .replace(/^\//, '')
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (path.length > DEPTH_MAX || path.includes('')) return refuse('has a field that names nothing');
  if (path[0]?.startsWith('_') || path.includes('__proto__'))
    return refuse('has a field that cannot be changed');
  const edit = editOf(operation, value);
  return edit === undefined
    ? refuse('must be add, replace, remove or increment')
    : changeAt(object, path, edit);
}

function editOf(operation: unknown, value: unknown): Edit | undefined {
  switch (operation) {
    case 'add':
      return (current) => {
        if (value === undefined) return refuse('must have a value');
        if (!isList(current)) return ok(value ?? undefined);
        const added = [value].flat().filter((one) => !current.some((item) => isSame(item, one)));
        return current.length + added.length > ITEMS_MAX
          ? refuse(`makes a list longer than ${ITEMS_MAX}`)
          : ok([...current, ...added]);
      };
    case 'replace':
      return () => ok(value ?? undefined);
    case 'remove':
      return (current) => {
        if (value === undefined) return ok(undefined);
        if (!isList(current)) return ok(isSame(current, value) ? undefined : current);
        const gone = [value].flat();
        return ok(current.filter((item) => !gone.some((one) => isSame(item, one))));
      };
    case 'increment':
      return (current) =>
        typeof current === 'number' && typeof value === 'number'
          ? ok(current + value)
          : refuse('increments what is no number');
    default:
      return undefined;
  }
}

function changeAt(
  container: unknown,
  [name, ...rest]: readonly string[],
  edit: Edit,
): Result<unknown, Problem> {
  if (name === undefined) return edit(container);
  if (isList(container)) {
    const index = name === '-' ? container.length : /^\d{1,4}$/.test(name) ? Number(name) : -1;
    if (index < 0 || index > container.length) return refuse('names an item that is not there');
    const inner = changeAt(container[index], rest, edit);
    if (!inner.ok) return inner;
    const item = inner.value === undefined ? [] : [inner.value];
    return ok([...container.slice(0, index), ...item, ...container.slice(index + 1)]);
  }
  if (container !== undefined && !isObject(container))
    return refuse('names a part of something that has none');
  const members = container ?? {};
  const inner = changeAt(Object.hasOwn(members, name) ? members[name] : undefined, rest, edit);
  if (!inner.ok) return inner;
  if (inner.value !== undefined) return ok({ ...members, [name]: inner.value });
  const { [name]: _, ...others } = members;
  return ok(container === undefined ? undefined : others);
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
