import { CloseButton, Group, Modal, type ModalProps } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';

/**
 * A dialog with its name in it. The library's own head is a `<header>`, which a screen reader takes
 * for a second one of the page.
 */
export function Dialog({
  title,
  children,
  ...props
}: Omit<ModalProps, 'title'> & { readonly title: string; readonly children: ReactNode }) {
  const narrow = useMediaQuery('(max-width: 36em)') ?? false;
  return (
    <Modal fullScreen={narrow} {...props} withCloseButton={false}>
      <Group justify="space-between" wrap="nowrap" mb="md">
        <Modal.Title fw={600} fz="lg">
          {title}
        </Modal.Title>
        <CloseButton aria-label="Close" onClick={props.onClose} />
      </Group>
      {children}
    </Modal>
  );
}
