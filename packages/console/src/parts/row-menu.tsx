import { ActionIcon, Menu } from '@mantine/core';
import { DotsHorizontalIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';

/** What can be done with one row of a table. */
export const RowMenu = ({
  of,
  children,
}: {
  /** What the row is about: people who cannot see which row it is hear it. */
  readonly of: string;
  readonly children: ReactNode;
}) => (
  <Menu position="bottom-end">
    <Menu.Target>
      <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${of}`}>
        <DotsHorizontalIcon />
      </ActionIcon>
    </Menu.Target>
    <Menu.Dropdown>{children}</Menu.Dropdown>
  </Menu>
);
