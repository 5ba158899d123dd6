/** The part of simple-oauth2 that the tests use; the package has no types of its own. */
declare module 'simple-oauth2' {
  export type ModuleOptions = {
    readonly client: { readonly id: string; readonly secret: string };
    readonly auth: {
      readonly tokenHost: string;
      readonly tokenPath: string;
      readonly revokePath: string;
    };
    readonly options?: {
      readonly authorizationMethod?: 'header' | 'body';
      readonly bodyFormat?: 'form' | 'json';
      readonly credentialsEncodingMode?: 'strict' | 'loose';
    };
  };

  export class ClientCredentials {
    constructor(options: ModuleOptions);
    getToken(parameters: { readonly scope?: string | readonly string[] }): Promise<AccessToken>;
  }

  export class AccessToken {
    readonly token: Readonly<Record<string, unknown>>;
    expired(): boolean;
    revoke(tokenType: 'access_token' | 'refresh_token'): Promise<void>;
  }
}
