import {
  Button,
  Group,
  PasswordInput,
  Radio,
  Stack,
  Stepper,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Refused } from '../parts/refused.tsx';
import { useSaving } from '../parts/use-saving.ts';
import { UserPicker } from '../parts/user-picker.tsx';
import { ChoiceCard } from './choice-card.tsx';
import { type Created, CreationDialog } from './creation-dialog.tsx';
import { suggestClientId } from './suggest-client-id.ts';

/** PingOne's modal "Add a Custom Application", in its steps and words. */
export function ApplicationWizard({
  opened,
  onClose,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  return (
    <CreationDialog opened={opened} onClose={onClose} title="Add a Custom Application" size="xl">
      {(onCreated) => <Steps onCreated={onCreated} />}
    </CreationDialog>
  );
}

const FIRST = {
  signIn: 'oidc',
  template: 'web',
  name: '',
  description: '',
  owners: [] as string[],
  logoUri: '',
  clientId: '',
  secret: '',
};

const FIELDS_OF_STEP: readonly (readonly (keyof typeof FIRST)[])[] = [
  ['signIn'],
  ['template'],
  ['name', 'description', 'owners', 'logoUri'],
  ['clientId', 'secret'],
];

function Steps({ onCreated }: { readonly onCreated: (created: Created) => void }) {
  const realm = useRealm();
  const forget = useForget();
  const [step, setStep] = useState(0);
  const form = useForm({
    initialValues: FIRST,
    validate: {
      name: (value) => (step === 2 && value.trim() === '' ? 'The application needs a name' : null),
    },
  });
  const { busy, error, save, clear } = useSaving(form);
  const { template, name, description, owners, logoUri, clientId, secret } = form.values;
  const web = template === 'web';
  const body = {
    name,
    description,
    template: web ? 'web' : 'service',
    owners,
    ...(logoUri !== '' && { logoUri }),
    client: {
      ...(clientId !== '' && { clientId }),
      grantTypes: ['client_credentials'],
      ...(secret !== '' && { secret: { secret } }),
    },
  } as const;
  const go = async () => {
    if (form.validate().hasErrors) return;
    if (step < 3) {
      clear();
      if (step === 2 && clientId === '') form.setFieldValue('clientId', suggestClientId(name));
      setStep(step + 1);
      return;
    }
    const saved = await save(async () => {
      const created = await call('createApplication', { params: { realm }, body });
      await forget();
      onCreated(created);
    });
    if (saved) return;
    // Back to where the server found something wrong.
    const wrong = FIELDS_OF_STEP.findIndex((fields) =>
      fields.some((field) => form.errors[field] !== undefined),
    );
    if (wrong !== -1) setStep(wrong);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <Stack>
        <Refused error={error} />
        <Stepper
          active={step}
          onStepClick={setStep}
          allowNextStepsSelect={false}
          size="sm"
          iconSize={28}
          aria-label="Steps"
        >
          <Stepper.Step label="Sign-in Method">
            <Radio.Group
              label="How does the application get its tokens?"
              {...form.getInputProps('signIn')}
            >
              <Stack mt="sm">
                <ChoiceCard
                  value="oidc"
                  title="OIDC - OpenId Connect"
                  text="OAuth 2.0 and OpenID Connect: the application has a client that proves itself and is given access tokens."
                />
              </Stack>
            </Radio.Group>
          </Stepper.Step>
          <Stepper.Step label="Application Type">
            <Radio.Group
              label="What kind of application is it?"
              {...form.getInputProps('template')}
            >
              <Stack mt="sm">
                <ChoiceCard
                  value="web"
                  title="Web"
                  text="Runs on a server and can keep a secret. People may sign in to it; it calls APIs in its own name."
                />
                <ChoiceCard
                  value="service"
                  title="Service"
                  text="Scoped OAuth 2.0 access tokens for machine-to-machine authentication: a service, a job, a device, an agent."
                />
              </Stack>
            </Radio.Group>
          </Stepper.Step>
          <Stepper.Step label="Application Details">
            <Stack>
              <TextInput
                label="Name"
                description="Human-readable name, such as Nightly invoices"
                required
                data-autofocus
                {...form.getInputProps('name')}
              />
              <Textarea
                label="Description"
                autosize
                minRows={2}
                {...form.getInputProps('description')}
              />
              <UserPicker
                label="Owners"
                description="They see and manage this application"
                {...form.getInputProps('owners')}
              />
              <TextInput
                label="App Logo URI"
                type="url"
                placeholder="https://"
                {...form.getInputProps('logoUri')}
              />
            </Stack>
          </Stepper.Step>
          <Stepper.Step label={web ? 'Web Settings' : 'Service Settings'}>
            <Stack>
              <TextInput
                label="Client ID"
                description="What the client calls itself. Left empty, one is made."
                {...form.getInputProps('clientId')}
              />
              <PasswordInput
                label="Client Secret"
                description="Left empty, 256 random bits are made, which nobody guesses. Your own: 8 characters at least."
                autoComplete="new-password"
                {...form.getInputProps('secret')}
              />
              <Text size="sm" c="orange.9">
                Make sure you copy Client Secret as it won't be shown again.
              </Text>
            </Stack>
          </Stepper.Step>
        </Stepper>
        <Group justify="space-between">
          <AsCommand name="createApplication" asked={{ params: { realm }, body }} />
          <Group>
            {step > 0 && (
              <Button variant="default" onClick={() => setStep(step - 1)}>
                Back
              </Button>
            )}
            <Button type="submit" loading={busy}>
              {step < 3 ? 'Next' : 'Create Application'}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
