import { Group, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FileText } from '../parts/file-text.tsx';
import { AddCredential } from './add-credential.tsx';
import type { Held, Of } from './held.ts';

const SUBJECTS = [
  { value: 'subjectDn', label: 'Distinguished name', example: 'CN=orders,O=Example' },
  { value: 'sanDns', label: 'Host name', example: 'orders.example.com' },
  { value: 'sanUri', label: 'URI, such as a SPIFFE ID', example: 'spiffe://example.org/orders' },
  { value: 'sanIp', label: 'IP address', example: '192.0.2.7' },
  { value: 'sanEmail', label: 'E-mail address', example: 'orders@example.com' },
] as const;

/** One certificate by itself, or all of a subject that an authority the realm trusts has signed. */
export function AddCertificate({
  of,
  earlier,
  opened,
  onClose,
}: {
  readonly of: Of;
  readonly earlier: readonly Held[];
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const [way, setWay] = useState('certificate');
  const [text, setText] = useState('');
  const [member, setMember] = useState<(typeof SUBJECTS)[number]['value']>('subjectDn');
  const end = () => {
    setText('');
    onClose();
  };
  const hasPrivateKey = /PRIVATE KEY-----/.test(text);
  const asked = (label: string) => {
    const subject = way === 'certificate' ? { certificate: text } : { [member]: text.trim() };
    return { params: of, body: { ...subject, label } };
  };
  const add = async (label: string) => {
    if (hasPrivateKey)
      throw new Error(
        'There is a private key in it. It was not sent; paste the certificate alone.',
      );
    return call('addCertificate', asked(label));
  };
  return (
    <Dialog
      opened={opened}
      onClose={end}
      title="Add a certificate"
      size="lg"
      closeOnClickOutside={false}
    >
      <AddCredential
        of={of}
        earlier={earlier}
        add={add}
        onAdded={end}
        command={(label) =>
          text.trim() !== '' &&
          !hasPrivateKey && <AsCommand name="addCertificate" asked={asked(label)} />
        }
      >
        <SegmentedControl
          fullWidth
          data={[
            { value: 'certificate', label: 'This one, self-signed' },
            { value: 'subject', label: 'Any of a subject' },
          ]}
          value={way}
          onChange={(next) => {
            setWay(next);
            setText('');
          }}
          aria-label="Which certificates"
        />
        {way === 'certificate' ? (
          <FileText
            label="Certificate"
            description="In PEM. Whoever signed it, this one alone is believed."
            accept=".pem,.crt,.cer"
            value={text}
            onChange={setText}
          />
        ) : (
          <Group grow align="flex-start">
            <Select
              label="What the certificate says"
              description="An authority that the realm trusts must have signed it"
              data={SUBJECTS.map(({ value, label }) => ({ value, label }))}
              value={member}
              allowDeselect={false}
              onChange={(next) => next !== null && setMember(next)}
            />
            <TextInput
              label="To the letter"
              description="Nothing else in the certificate counts"
              placeholder={SUBJECTS.find(({ value }) => value === member)?.example ?? ''}
              required
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
          </Group>
        )}
      </AddCredential>
    </Dialog>
  );
}
