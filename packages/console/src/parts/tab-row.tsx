import { ScrollArea, Tabs } from '@mantine/core';
import { useEffect, useRef } from 'react';

/**
 * The names of a screen's parts in one line. A phone scrolls it, and begins where the open part is:
 * whoever followed a link to one sees where they are.
 */
export function TabRow({
  label,
  tabs,
  open,
}: {
  readonly label: string;
  readonly tabs: readonly (readonly [value: string, label: string, ...rest: unknown[]])[];
  readonly open: string;
}) {
  const chosen = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element changes with what is open
  useEffect(() => {
    // In braces: what it returns, a promise in newer browsers, is no end of an effect.
    chosen.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [open]);
  return (
    <ScrollArea type="never" mb="lg">
      <Tabs.List aria-label={label} style={{ flexWrap: 'nowrap', minWidth: 'max-content' }}>
        {tabs.map(([value, name]) => (
          <Tabs.Tab
            key={value}
            value={value}
            ref={value === open ? chosen : undefined}
            style={{ flexShrink: 0 }}
          >
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </ScrollArea>
  );
}
