/** As much of oidc-provider as the benchmark configures. The package ships no types. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';
  import type { JWK } from 'jose';

  export type ResourceServer = {
    readonly scope: string;
    readonly audience: string;
    readonly accessTokenTTL: number;
    readonly accessTokenFormat: 'jwt' | 'opaque';
    readonly jwt?: { readonly sign: { readonly alg: string } };
  };

  export type ClientMetadata = {
    readonly client_id: string;
    readonly client_secret?: string;
    readonly jwks?: { readonly keys: readonly JWK[] };
    readonly grant_types: readonly string[];
    readonly redirect_uris: readonly string[];
    readonly response_types: readonly string[];
    readonly token_endpoint_auth_method: string;
    readonly id_token_signed_response_alg: string;
    readonly scope: string;
  };

  export type Payload = { consumed?: number };

  export type Adapter = {
    upsert(id: string, payload: Payload, expiresIn: number | undefined): Promise<void>;
    find(id: string): Promise<Payload | undefined>;
    findByUid(uid: string): Promise<Payload | undefined>;
    findByUserCode(userCode: string): Promise<Payload | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  };

  export type Configuration = {
    readonly adapter: (model: string) => Adapter;
    readonly clients: readonly ClientMetadata[];
    readonly jwks: { readonly keys: readonly JWK[] };
    readonly scopes: readonly string[];
    readonly clientAuthMethods: readonly string[];
    readonly ttl: { readonly ClientCredentials: number };
    readonly features: {
      readonly devInteractions: { readonly enabled: boolean };
      readonly clientCredentials: { readonly enabled: boolean };
      readonly dPoP: { readonly enabled: boolean };
      readonly introspection: { readonly enabled: boolean };
      readonly resourceIndicators: {
        readonly enabled: boolean;
        defaultResource(context: unknown, client: { readonly clientId: string }): Promise<string>;
        getResourceServerInfo(context: unknown, indicator: string): Promise<ResourceServer>;
      };
    };
  };

  export class Provider {
    constructor(issuer: string, configuration: Configuration);
    callback(): RequestListener;
    on(event: 'server_error', listener: (context: unknown, fault: Error) => void): this;
  }
}
