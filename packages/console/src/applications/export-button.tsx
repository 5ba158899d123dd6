import { Button } from '@mantine/core';
import { DownloadIcon } from '@radix-ui/react-icons';
import { useState } from 'react';
import type { Asked } from '../api/call.ts';
import { useRealm } from '../frame/use-realm.ts';
import { formatCsv } from '../parts/csv.ts';
import { download } from '../parts/download.ts';
import { gatherPages } from '../parts/gather-pages.ts';
import { tell, tellError } from '../parts/notify.ts';
import type { Summary } from './summary.ts';

/** Rows of one file at most: a browser holds them all at once. */
const EXPORTED_MAX = 20_000;

const COLUMNS = [
  'name',
  'client id',
  'description',
  'enabled',
  'authentication method',
  'APIs',
  'owners',
  'created',
  'last used',
  'expires',
  'tokens in 7 days',
] as const;

const cellsOf = (summary: Summary): readonly string[] => [
  summary.name,
  summary.clientId,
  summary.description,
  summary.enabled ? 'yes' : 'no',
  summary.authenticationMethod,
  summary.apis.map(({ name }) => name).join('; '),
  summary.owners.map(({ userName }) => userName).join('; '),
  formatInstant(summary.createdAt),
  formatInstant(summary.lastUsedAt),
  formatInstant(summary.expiresAt),
  String(summary.answeredByDay.reduce((sum, count) => sum + count, 0)),
];

const formatInstant = (at: number | null): string =>
  at === null ? '' : new Date(at * 1_000).toISOString();

/** What the filters show, every page of it, as a file for spreadsheets. */
export function ExportButton({
  query,
}: {
  readonly query: NonNullable<Asked<'listApplicationSummaries'>['query']>;
}) {
  const realm = useRealm();
  const [read, setRead] = useState<number>();
  const save = async () => {
    setRead(0);
    try {
      const { items, complete } = await gatherPages(
        'listApplicationSummaries',
        { params: { realm }, query },
        EXPORTED_MAX,
        setRead,
      );
      download(`applications-${realm}.csv`, formatCsv(COLUMNS, items.map(cellsOf)), 'text/csv');
      tell(
        complete
          ? `${items.length.toLocaleString()} applications saved`
          : `The first ${EXPORTED_MAX.toLocaleString()} saved. Narrow the list to save the rest.`,
      );
    } catch (error) {
      tellError(error);
    } finally {
      setRead(undefined);
    }
  };
  return (
    <Button
      variant="default"
      leftSection={<DownloadIcon />}
      disabled={read !== undefined}
      onClick={save}
    >
      {read === undefined ? 'Export CSV' : `${read.toLocaleString()} read …`}
    </Button>
  );
}
