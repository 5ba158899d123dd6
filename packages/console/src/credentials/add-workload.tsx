import { Alert, Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useAnswer } from '../api/use-answer.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Failed } from '../parts/states.tsx';
import { AddCredential } from './add-credential.tsx';
import type { Of } from './held.ts';
import { conditionsOf, WORKLOAD_FIELDS } from './workload-fields.ts';

/** A workload that another platform vouches for: nothing secret to give, store or rotate. */
export function AddWorkload({
  of,
  opened,
  onClose,
}: {
  readonly of: Of;
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const issuers = useAnswer(
    'listTrustedIssuers',
    { params: { realm: of.realm } },
    { enabled: opened },
  );
  const usable = (issuers.data?.items ?? []).filter(
    ({ uses, enabled }) => enabled && uses.includes('client'),
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const issuer = usable.find(({ id }) => id === chosen) ?? usable[0];
  const fields = WORKLOAD_FIELDS[issuer?.preset ?? 'oidc'] ?? [];
  const asked = (issuerId: string, label: string) => ({
    params: of,
    body: { issuerId, label, conditions: conditionsOf(fields, values) },
  });
  const end = () => {
    setChosen(null);
    setValues({});
    onClose();
  };
  return (
    <Dialog
      opened={opened}
      onClose={end}
      title="Add a workload"
      size="lg"
      closeOnClickOutside={false}
    >
      {issuers.isError && <Failed error={issuers.error} retry={issuers.refetch} />}
      {issuers.data !== undefined && usable.length === 0 && (
        <Alert color="indigo" title="The realm trusts no platform yet">
          An administrator says first whom it believes: a cluster, GitHub Actions, GitLab CI, a
          SPIFFE trust domain or another OpenID provider.
        </Alert>
      )}
      {issuer !== undefined && (
        <AddCredential
          of={of}
          earlier={[]}
          onAdded={end}
          add={(label) => call('addWorkload', asked(issuer.id, label))}
          command={(label) => <AsCommand name="addWorkload" asked={asked(issuer.id, label)} />}
        >
          <Text size="sm">
            The platform gives its workloads tokens of their own. A workload whose token says all of
            this is the client.
          </Text>
          <Select
            label="Who vouches for it"
            data={usable.map(({ id, name }) => ({ value: id, label: name }))}
            value={issuer.id}
            allowDeselect={false}
            onChange={(next) => {
              setChosen(next);
              setValues({});
            }}
          />
          {fields.map(({ label, placeholder, claim, required }) => (
            <TextInput
              key={claim}
              label={label}
              placeholder={placeholder}
              required={required}
              value={values[claim] ?? ''}
              onChange={({ currentTarget: { value } }) =>
                setValues((before) => ({ ...before, [claim]: value }))
              }
            />
          ))}
        </AddCredential>
      )}
    </Dialog>
  );
}
