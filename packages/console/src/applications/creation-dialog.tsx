import type { Answer } from '@tessera/server/contract';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { SecretReveal } from './secret-reveal.tsx';

export type Created = Answer<'createApplication'>;

/** Makes an application, whichever way it asks for it, and then shows its secret, this once. */
export function CreationDialog({
  opened,
  onClose,
  title,
  size,
  children,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly size: 'lg' | 'xl';
  readonly children: (onCreated: (created: Created) => void) => ReactNode;
}) {
  const [created, setCreated] = useState<Created>();
  const end = () => {
    setCreated(undefined);
    onClose();
  };
  return (
    <Dialog
      opened={opened}
      onClose={end}
      title={created === undefined ? title : `${created.name} is ready`}
      size={size}
      closeOnClickOutside={false}
    >
      {created === undefined ? (
        children(setCreated)
      ) : (
        <SecretReveal created={created} onDone={end} />
      )}
    </Dialog>
  );
}
