import { Card, Grid, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ChangeForm } from '../parts/change-form.tsx';
import { ClientPicker } from '../parts/client-picker.tsx';
import { useChangeForm } from '../parts/use-change-form.ts';
import { usePermission } from '../session/use-session.ts';
import { claimOf, draftOf, isClaim } from './claim-draft.ts';
import { ClaimPreview, problemsOf, useClaimPreview } from './claim-preview.tsx';
import { ClaimRows } from './claim-rows.tsx';

type Owner =
  | { readonly kind: 'api'; readonly realm: string; readonly apiId: string }
  | { readonly kind: 'provider'; readonly realm: string };

/** Claims of an API or of a realm, and beside them what they come to for one client. */
export function ClaimsEditor({
  owner,
  claims,
  revision,
  readOnly,
  example,
  text,
}: {
  readonly owner: Owner;
  readonly claims: Parameters<typeof draftOf>[0][] | readonly Parameters<typeof draftOf>[0][];
  readonly revision: number;
  readonly readOnly: boolean;
  /** A client to begin the preview with. */
  readonly example: string | undefined;
  readonly text: ReactNode;
}) {
  const { realm } = owner;
  const form = useChangeForm({ claims: claims.map(draftOf) }, revision);
  const mayPreview = usePermission('clients:read');
  const [chosen, setChosen] = useState<string | null>(null);
  const clientId = chosen ?? example ?? null;
  const read = form.values.claims.map(claimOf);
  const ready = read.every(isClaim);
  const body = { claims: read.filter(isClaim) };
  const apiId = owner.kind === 'api' ? owner.apiId : null;
  const preview = useClaimPreview(
    realm,
    mayPreview ? clientId : null,
    apiId,
    ready ? body.claims : undefined,
  );
  const asked = { revision: form.revision, body };
  const rows = <ClaimRows form={form} readOnly={readOnly} told={problemsOf(preview)} />;
  return (
    <Grid gap="md" align="flex-start">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Card withBorder component="section" aria-labelledby="custom-claims">
          <Title order={2} size="h4" id="custom-claims">
            Custom claims
          </Title>
          <Text size="sm" c="dimmed" mb="md">
            {text}
          </Text>
          {owner.kind === 'api' ? (
            <ChangeForm
              form={form}
              name="updateApi"
              asked={{ params: { realm, apiId: owner.apiId }, ...asked }}
              told="Claims saved"
              ready={ready}
            >
              {rows}
            </ChangeForm>
          ) : (
            <ChangeForm
              form={form}
              name="updateProvider"
              asked={{ params: { realm }, ...asked }}
              told="Claims saved"
              ready={ready}
            >
              {rows}
            </ChangeForm>
          )}
        </Card>
      </Grid.Col>
      {mayPreview && (
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Card withBorder component="section" aria-labelledby="claims-preview">
            <Title order={2} size="h4" id="claims-preview" mb="md">
              What a token would say
            </Title>
            <ClientPicker
              label="For the client"
              value={clientId}
              onChange={setChosen}
              mb="md"
              allowDeselect={false}
            />
            <ClaimPreview preview={preview} />
          </Card>
        </Grid.Col>
      )}
    </Grid>
  );
}
