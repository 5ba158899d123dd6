import { afterAll, beforeAll, describe } from 'vitest';
import { commitContract } from './commits.ts';
import { endingsContract } from './endings.ts';
import { issuedEventsContract } from './issued.ts';
import { listContract } from './lists.ts';
import { nodesContract } from './nodes.ts';
import type { Opened } from './opened.ts';
import { purgeContract } from './purging.ts';
import { resourceContract } from './resources.ts';
import { revocationsContract } from './revocations.ts';
import { spendContract } from './spending.ts';
import { summariesContract } from './summaries.ts';
import { textContract } from './texts.ts';
import { trafficContract } from './traffic.ts';
import { usageContract } from './usage.ts';

/** What every store promises, whatever it keeps its rows in and however it answers. */
export function storeContract(open: () => Promise<Opened>): void {
  let opened: Opened | undefined;
  const current = (): Opened => {
    if (opened === undefined) throw new Error('the store is not open yet');
    return opened;
  };
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(async () => {
    await opened?.close();
  });
  describe('resources', () => resourceContract(current));
  describe('commits', () => commitContract(current));
  describe('lists', () => listContract(current));
  describe('texts', () => textContract(current));
  describe('traffic', () => trafficContract(current));
  describe('revocations', () => revocationsContract(current));
  describe('one-time identifiers', () => spendContract(current));
  describe('issued tokens', () => issuedEventsContract(current));
  describe('usage', () => usageContract(current));
  describe('summaries', () => summariesContract(current));
  describe('nodes', () => nodesContract(current));
  describe('what ends', () => endingsContract(current));
  describe('purging', () => purgeContract(current));
}
