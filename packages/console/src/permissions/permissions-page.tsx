import { Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { ApiPicker } from '../parts/api-picker.tsx';
import { Page } from '../parts/page.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { PermissionsMatrix } from './permissions-matrix.tsx';

type Search = { readonly api?: string; readonly search?: string; readonly granted?: true };

/** Clients down, the scopes of one API across. */
export function PermissionsPage() {
  const realm = useRealm();
  const navigate = useNavigate();
  const { api: named, search = '', granted = false } = useSearch({ strict: false });
  const apis = useAnswer('listApis', { params: { realm }, query: { limit: 50 } });
  // The administration API is in every realm, and seldom what people come here for.
  const first = apis.data?.items.find(({ id }) => id !== 'tessera-admin') ?? apis.data?.items[0];
  const apiId = named ?? first?.id;
  const api = useAnswer(
    'findApi',
    { params: { realm, apiId: apiId ?? '' } },
    { enabled: apiId !== undefined },
  );
  /** Undefined takes a part away. */
  const show = (next: { readonly [Part in keyof Search]: Search[Part] | undefined }) => {
    const wanted = { api: apiId, search, granted: granted || undefined, ...next };
    return navigate({
      to: '/realms/$realm/permissions',
      params: { realm },
      search: {
        ...(wanted.api !== undefined && { api: wanted.api }),
        ...(wanted.search && { search: wanted.search }),
        ...(wanted.granted && { granted: true as const }),
      },
      replace: true,
    });
  };
  const failed = apis.isError ? apis : api.isError ? api : undefined;
  return (
    <Page
      title="Permissions"
      text="Which client may do what at an API. Tick or untick any number of cells, review, apply."
    >
      {failed !== undefined && <Failed error={failed.error} retry={failed.refetch} />}
      {apis.isPending && <Loading what="APIs" />}
      {apis.data?.items.length === 0 && (
        <Empty
          title="No API yet"
          text="Scopes are granted at APIs. Register one, and its scopes are the columns here."
        />
      )}
      {apiId !== undefined && (
        <Stack gap="md">
          <Group align="flex-end" gap="md">
            <ApiPicker
              label="API"
              value={apiId}
              onChange={(next) => next !== null && show({ api: next })}
              w={300}
            />
            <SearchField
              label="Search clients"
              value={search}
              onSearch={(text) => show({ search: text })}
            />
            <SegmentedControl
              aria-label="Which clients"
              value={granted ? 'granted' : 'all'}
              onChange={(which) => show({ granted: which === 'granted' ? true : undefined })}
              data={[
                { value: 'all', label: 'All clients' },
                { value: 'granted', label: 'With access' },
              ]}
            />
          </Group>
          {api.data === undefined && !api.isError && <Loading what="the API" />}
          {api.data !== undefined &&
            (api.data.scopes.length === 0 ? (
              <Text c="dimmed">{api.data.name} has no scopes yet, so nothing can be granted.</Text>
            ) : (
              <PermissionsMatrix
                key={`${realm} ${apiId}`}
                api={api.data}
                search={search}
                granted={granted}
              />
            ))}
        </Stack>
      )}
    </Page>
  );
}
