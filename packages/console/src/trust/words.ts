/** The platforms that vouch for workloads, as people call them. */
export const PRESETS = [
  { value: 'kubernetes', label: 'Kubernetes' },
  { value: 'github', label: 'GitHub Actions' },
  { value: 'gitlab', label: 'GitLab CI' },
  { value: 'spiffe', label: 'SPIFFE' },
  { value: 'oidc', label: 'OpenID provider' },
] as const;

/** What the assertions of an issuer may be used for. */
export const USES = {
  client: 'Workloads authenticate as clients',
  grant: 'Assertions are exchanged for tokens',
  software: 'Signs software statements',
} as const;
