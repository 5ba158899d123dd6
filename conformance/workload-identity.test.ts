import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from './platform.ts';
import { onEachDatabase } from './world.ts';

const JWT = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const SVID = 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe';

const now = () => Math.floor(Date.now() / 1000);

/** The claims that each platform really sets, without those that all of them share. */
const SHAPES = {
  github: {
    sub: 'repo:acme/app:ref:refs/heads/main',
    repository: 'acme/app',
    repository_id: '74',
    repository_owner: 'acme',
    repository_owner_id: '65',
    repository_visibility: 'private',
    ref: 'refs/heads/main',
    ref_type: 'branch',
    sha: 'f1d2d2f924e986ac86fdf7b36c94bcdf32beec15',
    workflow: 'deploy',
    job_workflow_ref: 'acme/app/.github/workflows/deploy.yml@refs/heads/main',
    event_name: 'push',
    actor: 'octocat',
    run_id: '1234567890',
    runner_environment: 'github-hosted',
  },
  gitlab: {
    sub: 'project_path:acme/team/app:ref_type:branch:ref:main',
    namespace_id: '72',
    namespace_path: 'acme/team',
    project_id: '20',
    project_path: 'acme/team/app',
    user_login: 'dev',
    pipeline_id: '574',
    pipeline_source: 'push',
    job_id: '302',
    ref: 'main',
    ref_type: 'branch',
    ref_path: 'refs/heads/main',
    ref_protected: 'true',
    runner_environment: 'self-hosted',
  },
  kubernetes: {
    sub: 'system:serviceaccount:prod:billing',
    'kubernetes.io': {
      namespace: 'prod',
      node: { name: 'node-1', uid: randomUUID() },
      pod: { name: 'billing-6f5c9', uid: randomUUID() },
      serviceaccount: { name: 'billing', uid: randomUUID() },
    },
  },
  spiffe: { sub: 'spiffe://example.org/ns/prod/sa/billing' },
  oidc: { sub: '248289761001', azp: 'agent', email_verified: true },
} as const;

type Shape = keyof typeof SHAPES;

const CONDITIONS: Readonly<Record<Shape, Readonly<Record<string, string>>>> = {
  github: { repository: 'acme/app', ref: 'refs/heads/*' },
  gitlab: { project_path: 'acme/team/app', ref_protected: 'true' },
  kubernetes: {
    'kubernetes.io.namespace': 'prod',
    'kubernetes.io.serviceaccount.name': 'billing',
  },
  spiffe: { sub: 'spiffe://example.org/ns/*/sa/billing' },
  oidc: { sub: '248289761001', email_verified: 'true' },
};

const ALL = Object.keys(SHAPES) as Shape[];

onEachDatabase(
  (world) => {
    let platforms: Readonly<Record<Shape, Platform>>;

    beforeAll(async () => {
      const started = await Promise.all(
        ALL.map(async (shape) => [shape, await startPlatform()] as const),
      );
      platforms = Object.fromEntries(started) as Record<Shape, Platform>;
      for (const shape of ALL) await trust(shape);
    });
    afterAll(() => Promise.all(Object.values(platforms).map((platform) => platform.close())));

    const at = (path: string) => `/api/realms/alpha/${path}`;

    async function trust(shape: Shape): Promise<void> {
      const { url, jwksUri } = platforms[shape];
      const found = shape === 'kubernetes' || shape === 'oidc';
      const { id } = await world.administration.perform<{ id: string }>(
        'POST',
        at('trusted-issuers'),
        {
          name: shape,
          preset: shape,
          issuer: shape === 'spiffe' ? 'example.org' : url,
          ...(!found && { jwksUri }),
        },
      );
      issuerIds.set(shape, id);
      await addWorkload(shape, await newClient(shape));
    }
    const issuerIds = new Map<Shape, string>();

    async function newClient(clientId: string): Promise<string> {
      await world.alpha.registerClient({ clientId, scopes: ['read'] });
      return clientId;
    }

    const addWorkload = (shape: Shape, clientId: string, conditions = CONDITIONS[shape]) =>
      world.administration.perform('POST', at(`clients/${clientId}/workloads`), {
        issuerId: issuerIds.get(shape),
        conditions: Object.entries(conditions).map(([claim, value]) => ({
          claim,
          operator: value.includes('*') ? 'matches' : 'equals',
          value,
        })),
      });

    /** An assertion as the platform makes it for this realm. */
    function assertionOf(shape: Shape, claims: object = {}, header: object = {}): string {
      const audience = world.alpha.issuer;
      const svid = shape === 'spiffe';
      return platforms[shape].sign(
        {
          ...(!svid && { iss: platforms[shape].url, jti: randomUUID() }),
          aud: svid || shape === 'kubernetes' ? [audience] : audience,
          iat: now(),
          nbf: now() - 5,
          exp: now() + 300,
          ...SHAPES[shape],
          ...claims,
        },
        { ...(shape === 'kubernetes' && { typ: undefined }), ...header },
      );
    }

    const ask = (assertion: string, form: Readonly<Record<string, string>> = {}) =>
      world.alpha.post('access_token', {
        grant_type: 'client_credentials',
        scope: 'read',
        client_assertion_type: JWT,
        client_assertion: assertion,
        ...form,
      });
    const statusOf = async (...given: Parameters<typeof ask>) => (await ask(...given)).status;
    const expectRefused = async (...given: Parameters<typeof ask>) => {
      const { status, json } = await ask(...given);
      expect([status, (json as { error?: string }).error]).toEqual([400, 'invalid_client']);
    };

    describe.each(ALL)('a workload of %s', (shape) => {
      it('284 gets a token without a secret', async () => {
        const { status, json } = await ask(assertionOf(shape));
        expect(status).toBe(200);
        const [, claims = ''] = (json as { access_token: string }).access_token.split('.');
        expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
          client_id: shape,
          scope: 'read',
        });
      });

      it('284 is refused for another audience, a second one, or none', async () => {
        for (const aud of [
          'https://other.example',
          [world.alpha.issuer, 'https://other.example'],
          `${world.alpha.issuer}/access_token`,
          platforms[shape].url,
          undefined,
        ])
          await expectRefused(assertionOf(shape, { aud }));
      });

      it('151 is refused with the type of another JWT', async () => {
        for (const typ of ['at+jwt', 'dpop+jwt', 'logout+jwt', 'authorization-grant+jwt'])
          await expectRefused(assertionOf(shape, {}, { typ }));
      });

      it('284 is refused when its assertion lives too long, or has ended', async () => {
        await expectRefused(assertionOf(shape, { exp: now() + 90_000 }));
        await expectRefused(assertionOf(shape, { exp: now() - 60 }));
      });

      it('284 is refused when another platform signs in its name', async () => {
        const other = shape === 'oidc' ? 'github' : 'oidc';
        const claims = { ...SHAPES[shape], iss: platforms[shape].url };
        await expectRefused(assertionOf(other, claims));
      });

      it('141 shows one assertion again only where the platform has no other', async () => {
        const assertion = assertionOf(shape);
        expect(await statusOf(assertion)).toBe(200);
        if (shape === 'github' || shape === 'oidc') await expectRefused(assertion);
        else expect(await statusOf(assertion)).toBe(200);
      });
    });

    it('284 other claims are another workload', async () => {
      await expectRefused(assertionOf('github', { repository: 'acme-evil/app' }));
      await expectRefused(assertionOf('github', { ref: 'refs/heads/feature/x' }));
      await expectRefused(assertionOf('github', { ref: 'x/refs/heads/main' }));
      await expectRefused(assertionOf('gitlab', { ref_protected: 'false' }));
      await expectRefused(
        assertionOf('spiffe', { sub: 'spiffe://example.org/ns/prod/x/sa/billing' }),
      );
      const account = {
        ...SHAPES.kubernetes['kubernetes.io'],
        serviceaccount: { name: 'default' },
      };
      await expectRefused(assertionOf('kubernetes', { 'kubernetes.io': account }));
    });

    it('284 one workload may be several clients, and then says which', async () => {
      await addWorkload('gitlab', await newClient('second'));
      await expectRefused(assertionOf('gitlab'));
      for (const clientId of ['gitlab', 'second'])
        expect(await statusOf(assertionOf('gitlab'), { client_id: clientId })).toBe(200);
      await expectRefused(assertionOf('gitlab'), { client_id: 'github' });
    });

    it('201 a JWT-SVID is taken with its own assertion type, which is for nothing else', async () => {
      const type = { client_assertion_type: SVID };
      expect(await statusOf(assertionOf('spiffe'), type)).toBe(200);
      expect(await statusOf(assertionOf('spiffe', { iss: 'https://spire.example' }), type)).toBe(
        200,
      );
      await expectRefused(assertionOf('github'), type);
      await expectRefused(
        assertionOf('spiffe', { sub: 'spiffe://evil.org/ns/prod/sa/billing' }),
        type,
      );
    });

    it('284 of twenty requests with one assertion, one is answered', async () => {
      const assertion = assertionOf('github');
      const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(assertion)));
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    });

    it('284 an issuer that is trusted no more vouches for nobody', async () => {
      const id = issuerIds.get('oidc');
      await world.administration.change(at(`trusted-issuers/${id}`), { enabled: false });
      await expectRefused(assertionOf('oidc'));
      await world.administration.change(at(`trusted-issuers/${id}`), { enabled: true });
      expect(await statusOf(assertionOf('oidc'))).toBe(200);
    });
  },
  { environment: { TESSERA_OUTBOUND_ALLOW: '127.0.0.0/8' } },
);
