import { Modal, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { sessionEnd } from '../api/call.ts';
import { SignIn } from '../session/sign-in.tsx';
import type { Session } from '../session/use-session.ts';

/**
 * Notices that the session has ended, at whatever is asked next, and lets the same person sign in
 * above what they were doing: forms keep what was typed.
 */
export function SessionWatch({ session }: { readonly session: Session }) {
  const client = useQueryClient();
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    const end = (): void => setEnded(true);
    sessionEnd.addEventListener('end', end);
    const stop = client.getQueryCache().subscribe(({ query, type }) => {
      if (
        type === 'updated' &&
        query.queryHash.startsWith('["findSession"') &&
        query.state.status === 'success'
      )
        setEnded(false);
    });
    return () => {
      sessionEnd.removeEventListener('end', end);
      stop();
    };
  }, [client]);
  return (
    <Modal
      opened={ended}
      onClose={() => {}}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      fullScreen
    >
      <VisuallyHidden>
        <Modal.Title>Sign in again</Modal.Title>
      </VisuallyHidden>
      <SignIn again={{ userName: session.name, realm: session.realm }} />
    </Modal>
  );
}
