import { Checkbox, Stack } from '@mantine/core';
import type { Answer } from '@tessera/server/contract';
import { ROLES } from '../api/roles.ts';
import { ChangeForm } from '../parts/change-form.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';

export type Person = Answer<'findUser'>;

/** The roles of one person, each with what it is for. */
export function RolesOf({
  realm,
  person,
  onSaved,
}: {
  readonly realm: string;
  readonly person: Person;
  readonly onSaved: () => void;
}) {
  const form = useChangeForm({ roles: [...person.roles] as string[] }, person.revision);
  const roles = form.values.roles as Person['roles'];
  const asked = {
    params: { realm, userId: person.id },
    revision: form.revision,
    body: { roles },
  };
  return (
    <ChangeForm form={form} name="updateUser" asked={asked} told="Roles changed" onSaved={onSaved}>
      <Checkbox.Group
        label="Roles"
        description="Other roles end the sessions of the person. Nobody can give more than they may do."
        {...form.getInputProps('roles')}
      >
        <Stack gap="sm" mt="sm">
          {ROLES.map(({ name, title, description }) => (
            <Checkbox key={name} value={name} label={title} description={description} />
          ))}
        </Stack>
      </Checkbox.Group>
    </ChangeForm>
  );
}
