import { ActionIcon, Badge, Checkbox, Menu, Text } from '@mantine/core';
import { ChevronDownIcon } from '@radix-ui/react-icons';
import { type KeyboardEvent, useRef, useState } from 'react';
import { type Draft, type Held, isHeld, isWanted, setCell, setCells } from './draft.ts';
import './matrix-grid.css';

type Place = { readonly row: number; readonly column: number };

/** Where a key leads to; the heads of the columns are row −1. */
const STEPS: Readonly<Record<string, (at: Place, rows: number, columns: number) => Place>> = {
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  PageUp: ({ row, column }) => ({ row: Math.max(0, row - 10), column }),
  PageDown: ({ row, column }, rows) => ({ row: Math.min(rows - 1, row + 10), column }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, _, columns) => ({ row, column: columns - 1 }),
};

/**
 * Cells that are ticked and unticked. One of them is in the order of the Tab key; arrow keys lead
 * to the others, Space ticks. WAI-ARIA 1.2 `grid`.
 */
export function MatrixGrid({
  label,
  rows,
  scopes,
  draft,
  onEdit,
}: {
  readonly label: string;
  readonly rows: readonly Held[];
  readonly scopes: readonly { readonly name: string; readonly description: string }[];
  readonly draft: Draft;
  /** Undefined: only to look at. */
  readonly onEdit: ((edit: (draft: Draft) => Draft) => void) | undefined;
}) {
  const [at, setAt] = useState<Place>({ row: 0, column: 0 });
  const grid = useRef<HTMLDivElement>(null);
  const upright = scopes.length > 5;
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    // Keys in a menu come by here, too, although it is elsewhere on the page.
    if (step === undefined || !grid.current?.contains(event.target as Node)) return;
    const next = step(at, rows.length, scopes.length);
    if (next.row < -1 || next.row >= rows.length) return;
    if (next.column < 0 || next.column >= scopes.length) return;
    event.preventDefault();
    setAt(next);
    const cell = grid.current?.querySelector<HTMLElement>(
      `[data-cell="${next.row} ${next.column}"]`,
    );
    cell?.focus();
    cell?.closest('td, th')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const tabIndexOf = (row: number, column: number) =>
    Math.min(at.row, rows.length - 1) === row && at.column === column ? 0 : -1;
  const names = scopes.map(({ name }) => name);
  return (
    <div className="matrix-frame" ref={grid}>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid of WAI-ARIA, laid out as a table */}
      <table className="matrix-grid" role="grid" aria-label={label} onKeyDown={move}>
        <thead>
          <tr>
            <th scope="col" className="matrix-corner">
              Client
            </th>
            {scopes.map(({ name, description }, column) => (
              <th
                key={name}
                scope="col"
                className={upright ? 'matrix-upright' : 'matrix-across'}
                title={description}
              >
                <span className="matrix-name">{name}</span>
                {onEdit !== undefined && (
                  <Menu position="bottom-end" withinPortal>
                    <Menu.Target>
                      <ActionIcon
                        size="sm"
                        variant="subtle"
                        color="gray"
                        aria-label={`All of ${name}`}
                        data-cell={`-1 ${column}`}
                        tabIndex={tabIndexOf(-1, column)}
                        onFocus={() => setAt({ row: -1, column })}
                      >
                        <ChevronDownIcon />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item onClick={() => onEdit((one) => setCells(one, rows, [name], true))}>
                        Grant to all {rows.length} shown
                      </Menu.Item>
                      <Menu.Item
                        color="red"
                        onClick={() => onEdit((one) => setCells(one, rows, [name], false))}
                      >
                        Take from all {rows.length} shown
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((held, row) => (
            <tr key={held.clientId} aria-label={held.name}>
              <th scope="row" className="matrix-client">
                <Text size="sm" span>
                  {held.name}
                </Text>
                {!held.enabled && (
                  <Badge size="xs" variant="default" ml={6}>
                    Inactive
                  </Badge>
                )}
                {held.name !== held.clientId && (
                  <Text size="xs" c="dimmed" ff="monospace">
                    {held.clientId}
                  </Text>
                )}
              </th>
              {names.map((name, column) => {
                const wanted = isWanted(draft, held, name);
                const changed = wanted !== isHeld(held, name);
                const state = changed ? (wanted ? 'added' : 'removed') : 'kept';
                return (
                  <td key={name} className={`matrix-${state}`}>
                    <Checkbox
                      aria-label={`${name} for ${held.name}${changed ? `, ${state}` : ''}`}
                      checked={wanted}
                      readOnly={onEdit === undefined}
                      data-cell={`${row} ${column}`}
                      tabIndex={tabIndexOf(row, column)}
                      onFocus={() => setAt({ row, column })}
                      onChange={({ currentTarget: { checked } }) =>
                        onEdit?.((one) => setCell(one, held, name, checked))
                      }
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
