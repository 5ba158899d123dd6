import { Badge, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { usePermission, useSession } from '../session/use-session.ts';
import { colorOfRealm } from '../theme.ts';
import { useRealm } from './use-realm.ts';

export function RealmSwitch() {
  const realm = useRealm();
  const session = useSession();
  const mayList = usePermission('realms:read');
  const navigate = useNavigate();
  const realms = useAnswer('listRealms', { query: { limit: 200 } }, { enabled: mayList });
  const known =
    realms.data?.items.map(({ name, displayName }) => ({ value: name, label: displayName })) ?? [];
  const choices = known.some(({ value }) => value === realm)
    ? known
    : [{ value: realm, label: realm }, ...known];
  return (
    <Select
      label="Realm"
      data={choices}
      value={realm}
      searchable={choices.length > 8}
      allowDeselect={false}
      disabled={!session.everyRealm || choices.length < 2}
      leftSection={<Badge circle size="xs" color={colorOfRealm(realm)} aria-hidden />}
      onChange={(chosen) => {
        if (chosen !== null) void navigate({ to: '/realms/$realm', params: { realm: chosen } });
      }}
    />
  );
}
