import { Button, Menu } from '@mantine/core';
import { DownloadIcon } from '@radix-ui/react-icons';
import { useState } from 'react';
import type { Asked } from '../api/call.ts';
import { useRealm } from '../frame/use-realm.ts';
import { download } from '../parts/download.ts';
import { gatherPages } from '../parts/gather-pages.ts';
import { tell, tellError } from '../parts/notify.ts';
import { EXPORTED_MAX, formatLines, formatTable } from './export-events.ts';

const FORMS = {
  csv: { label: 'CSV, for spreadsheets', type: 'text/csv', format: formatTable },
  jsonl: { label: 'JSON lines, for programs', type: 'application/jsonl', format: formatLines },
} as const;

/** What the filters show, as a file. */
export function ExportMenu({
  query,
}: {
  readonly query: NonNullable<Asked<'listEvents'>['query']>;
}) {
  const realm = useRealm();
  const [count, setCount] = useState<number>();
  const save = async (form: keyof typeof FORMS) => {
    setCount(0);
    try {
      const { items: events, complete } = await gatherPages(
        'listEvents',
        { params: { realm }, query },
        EXPORTED_MAX,
        setCount,
      );
      const { type, format } = FORMS[form];
      download(`events-${realm}.${form}`, format(events), type);
      tell(
        complete
          ? `${events.length.toLocaleString()} events saved`
          : `The latest ${EXPORTED_MAX.toLocaleString()} saved. For all of them: tessera audit export`,
      );
    } catch (error) {
      tellError(error);
    } finally {
      setCount(undefined);
    }
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<DownloadIcon />} disabled={count !== undefined}>
          {count === undefined ? 'Export' : `${count.toLocaleString()} events …`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(FORMS) as (keyof typeof FORMS)[]).map((form) => (
          <Menu.Item key={form} onClick={() => save(form)}>
            {FORMS[form].label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
