import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';

/** Something to think of before going on. Its title keeps the contrast that yellow has not. */
export function Warning({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <Alert color="yellow" title={title} styles={{ label: { color: 'var(--mantine-color-text)' } }}>
      {children}
    </Alert>
  );
}
