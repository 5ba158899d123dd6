// @ts-check
/**
 * What the core of the package does, in whatever runs it: keys, signatures, proofs, questions, lists.
 *
 * @param {Pick<typeof import('../src/index.ts'), 'resourceServer'>} surface
 * @param {{
 *   issuer: string, audience: string,
 *   requests: Record<string, { authorization: string, dpop?: string }>,
 * }} given
 */
export async function runCore({ resourceServer }, { issuer, audience, requests }) {
  const api = resourceServer({
    issuer,
    audience,
    introspection: { clientId: 'api', clientSecret: 'secret' },
  });
  /** @type {[string, string][]} */
  const outcomes = [];
  for (const [name, headers] of Object.entries(requests)) {
    const request = { method: 'GET', url: '/orders/1', headers: new Headers(headers) };
    const admitted = await api.admit(request, { scope: 'read' });
    outcomes.push([name, admitted.ok ? 'admitted' : admitted.refusal.cause.reason]);
  }
  api.close();
  return JSON.stringify(Object.fromEntries(outcomes));
}
