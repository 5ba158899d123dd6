import { Button, Card, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Selection } from '../parts/selection.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import type { Summary } from './summary.ts';

/** How many are ticked, and what can be done with them. */
export function BulkBar({ selection }: { readonly selection: Selection<Summary> }) {
  const [asked, setAsked] = useState<{ readonly enabled: boolean }>();
  const count = selection.items.length;
  return (
    <>
      {count > 0 && (
        <Card withBorder padding="xs" component="section" aria-label="Selected applications">
          <Group gap="xs">
            <Text size="sm" fw={500} mr="xs" role="status">
              {count.toLocaleString()} selected
            </Text>
            <Button size="xs" variant="default" onClick={() => setAsked({ enabled: true })}>
              Enable
            </Button>
            <Button size="xs" variant="default" onClick={() => setAsked({ enabled: false })}>
              Disable
            </Button>
            <Button size="xs" variant="subtle" color="gray" onClick={selection.clear}>
              Clear selection
            </Button>
          </Group>
        </Card>
      )}
      {asked !== undefined && (
        <BulkDialog
          summaries={selection.items}
          enabled={asked.enabled}
          onClose={(done) => {
            setAsked(undefined);
            selection.drop(done);
          }}
        />
      )}
    </>
  );
}
