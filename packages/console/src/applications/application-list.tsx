import { Button } from '@mantine/core';
import { LightningBoltIcon, PlusIcon } from '@radix-ui/react-icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useRealm } from '../frame/use-realm.ts';
import { Page } from '../parts/page.tsx';
import { useSelection } from '../parts/selection.ts';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { usePermission } from '../session/use-session.ts';
import { ApplicationFilters } from './application-filters.tsx';
import {
  type ApplicationSearch,
  describeApplicationQuery,
  isNarrowed,
} from './application-search.ts';
import { ApplicationTable } from './application-table.tsx';
import { ApplicationWizard } from './application-wizard.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { ExportButton } from './export-button.tsx';
import { QuickMachine } from './quick-machine.tsx';
import { type Summary, useMayChange } from './summary.ts';

export function ApplicationList() {
  const realm = useRealm();
  const navigate = useNavigate();
  const { new: quick = false, ...search } = useSearch({ from: '/realms/$realm/applications' });
  const [wizard, setWizard] = useState(false);
  const mayCreate = usePermission('applications:write');
  const show = (next: ApplicationSearch) =>
    navigate({ to: '/realms/$realm/applications', params: { realm }, search: next, replace: true });
  const startNew = () => show({ ...search, new: true });
  return (
    <Page
      title="Applications"
      text="Set up your applications to use authentication."
      actions={
        mayCreate && (
          <>
            <Button variant="default" leftSection={<LightningBoltIcon />} onClick={startNew}>
              Machine in a minute
            </Button>
            <Button leftSection={<PlusIcon />} onClick={() => setWizard(true)}>
              Custom Application
            </Button>
          </>
        )
      }
    >
      <Found key={realm} search={search} show={show} startNew={mayCreate ? startNew : undefined} />
      <ApplicationWizard opened={wizard} onClose={() => setWizard(false)} />
      <QuickMachine opened={quick} onClose={() => show(search)} />
    </Page>
  );
}

function Found({
  search,
  show,
  startNew,
}: {
  readonly search: ApplicationSearch;
  readonly show: (next: ApplicationSearch) => void;
  readonly startNew: (() => void) | undefined;
}) {
  const realm = useRealm();
  const query = describeApplicationQuery(search, Math.floor(Date.now() / 1_000));
  const list = usePages('listApplicationSummaries', { params: { realm }, query });
  const { items } = list;
  const selection = useSelection<Summary>(items ?? [], ({ id }) => id);
  const mayChange = useMayChange();
  return (
    <>
      <ApplicationFilters search={search} onChange={show} />
      {list.isError && <Failed error={list.error} retry={list.refetch} />}
      {list.isPending && <Loading what="applications" />}
      {items?.length === 0 &&
        (isNarrowed(search) ? (
          <Empty
            title="Nothing found"
            text="No application is like that. What is typed is searched in names and client ids."
            action={
              <Button variant="default" onClick={() => show({})}>
                Show all
              </Button>
            }
          />
        ) : (
          <Empty
            title="No available applications"
            text="An application is a machine that gets access tokens: a service, a job, a device, an agent. Name it, and it has a client and a secret."
            action={
              startNew !== undefined && <Button onClick={startNew}>Create the first one</Button>
            }
          />
        ))}
      <BulkBar selection={selection} />
      {items !== undefined && items.length > 0 && (
        <>
          <ApplicationTable summaries={items} selection={mayChange ? selection : undefined} />
          <div>
            <ShowMore list={list} /> <ExportButton query={query} />
          </div>
        </>
      )}
    </>
  );
}
