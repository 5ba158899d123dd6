import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest, longest first: one that begins last would be waited for alone. A machine
 * that has run the tests before knows their durations; an empty checkout knows only these.
 */
const LONGEST = [
  'conformance/pingone/frodo',
  'conformance/crash/killed-while-writing',
  'conformance/console/apis',
  'conformance/quotas',
  'conformance/console/',
  'conformance/foreign-resource-servers/',
  'conformance/rfc7523-client-assertion',
  'conformance/secrets',
  'conformance/slow-senders',
  'conformance/crash/',
  'conformance/resource-server/',
  'conformance/timing',
  'server/src/storage/cached-store',
  'server/src/cli/server-life',
  'server/src/storage/outage',
  'server/src/storage/',
];

/** Vitest's order of projects, and within one the files that take longest before the others. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    const place = new Map(usual.map(({ project }, index) => [project, index]));
    return usual.toSorted(
      (a, b) => (place.get(a.project) ?? 0) - (place.get(b.project) ?? 0) || rank(a) - rank(b),
    );
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((part) => moduleId.includes(`/${part}`));
  return place === -1 ? LONGEST.length : place;
}
