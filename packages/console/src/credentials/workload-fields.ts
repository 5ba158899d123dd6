export type Condition = {
  readonly claim: string;
  readonly operator: 'equals' | 'matches';
  readonly value: string;
};

export type Field = {
  readonly label: string;
  readonly placeholder: string;
  readonly claim: string;
  readonly required: boolean;
};

const SUBJECT = { label: 'Subject', claim: 'sub', required: true } as const;

/** What names one workload of a platform, in the platform's words. */
export const WORKLOAD_FIELDS: Readonly<Record<string, readonly Field[]>> = {
  kubernetes: [
    {
      label: 'Namespace',
      placeholder: 'payments',
      claim: 'kubernetes.io.namespace',
      required: true,
    },
    {
      label: 'Service account',
      placeholder: 'worker',
      claim: 'kubernetes.io.serviceaccount.name',
      required: true,
    },
  ],
  github: [
    { label: 'Repository', placeholder: 'example/orders', claim: 'repository', required: true },
    { label: 'Environment', placeholder: 'production', claim: 'environment', required: false },
    { label: 'Branch or tag', placeholder: 'refs/heads/main', claim: 'ref', required: false },
  ],
  gitlab: [
    { label: 'Project', placeholder: 'group/orders', claim: 'project_path', required: true },
    { label: 'Environment', placeholder: 'production', claim: 'environment', required: false },
    { label: 'Branch or tag', placeholder: 'main', claim: 'ref', required: false },
  ],
  spiffe: [{ ...SUBJECT, label: 'SPIFFE ID', placeholder: 'spiffe://example.org/orders' }],
  oidc: [{ ...SUBJECT, placeholder: 'service-17' }],
};

/** A star stands for any characters between separators; without one the value is to the letter. */
export const conditionsOf = (
  fields: readonly Field[],
  values: Readonly<Record<string, string>>,
): readonly Condition[] =>
  fields.flatMap(({ claim }) => {
    const value = (values[claim] ?? '').trim();
    if (value === '') return [];
    return [
      { claim, operator: value.includes('*') ? ('matches' as const) : ('equals' as const), value },
    ];
  });
