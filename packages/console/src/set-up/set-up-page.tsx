import { Button, Progress, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Page } from '../parts/page.tsx';
import { Failed } from '../parts/states.tsx';
import { useSession } from '../session/use-session.ts';
import { AddressStep } from './address-step.tsx';
import { RealmStep } from './realm-step.tsx';
import { type Sample, SampleStep } from './sample-step.tsx';
import { TokenStep } from './token-step.tsx';

type Place =
  | { readonly step: 1 | 2 }
  | { readonly step: 3; readonly realm: string }
  | { readonly step: 4; readonly realm: string; readonly sample: Sample };

const STEPS = 4;

/** From an empty server to a token, once: by what everybody else can do as well. */
export function SetUpPage() {
  const navigate = useNavigate();
  const { everyRealm, permissions } = useSession();
  const [place, setPlace] = useState<Place>({ step: 1 });
  const leave = () =>
    navigate(
      'realm' in place
        ? { to: '/realms/$realm', params: { realm: place.realm }, replace: true }
        : { to: '/', replace: true },
    );
  if (!everyRealm || !permissions.includes('realms:write'))
    return (
      <Page title="Set up">
        <Failed error={new Error('This is for the first administrator of a new server.')} />
      </Page>
    );
  return (
    <Page
      title="Set up"
      text="Four steps from an empty server to a token."
      actions={
        place.step < STEPS && (
          <Button variant="default" onClick={leave}>
            Skip
          </Button>
        )
      }
    >
      <Stack maw={760} w="100%">
        <div>
          <Text size="sm" c="dimmed" mb={6}>
            Step {place.step} of {STEPS}
          </Text>
          <Progress value={(place.step / STEPS) * 100} aria-label="How far the set-up is" />
        </div>
        {place.step === 1 && <AddressStep onNext={() => setPlace({ step: 2 })} />}
        {place.step === 2 && <RealmStep onNext={(realm) => setPlace({ step: 3, realm })} />}
        {place.step === 3 && (
          <SampleStep
            realm={place.realm}
            onNext={(sample) => setPlace({ step: 4, realm: sample.realm, sample })}
          />
        )}
        {place.step === 4 && <TokenStep sample={place.sample} onDone={leave} />}
      </Stack>
    </Page>
  );
}
