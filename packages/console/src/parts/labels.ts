/** A kind of object, as its routes and permissions name it. */
export const titleOfKind = (name: string): string =>
  name === 'apis' ? 'APIs' : name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');

/** What people read for what the protocol says. Grant types as PingOne's console names them. */
export const GRANT_TYPES = [
  { value: 'client_credentials', label: 'Client Credentials' },
  { value: 'urn:ietf:params:oauth:grant-type:jwt-bearer', label: 'JWT Bearer' },
  { value: 'urn:ietf:params:oauth:grant-type:token-exchange', label: 'Token Exchange' },
] as const;

export const TOKEN_FORMATS = [
  { value: 'jwt', label: 'JWT' },
  { value: 'opaque', label: 'Opaque' },
] as const;

export const TOKEN_BINDINGS = [
  { value: 'optional', label: 'Nothing, unless the client shows a key' },
  { value: 'dpop', label: 'A DPoP key' },
  { value: 'certificate', label: 'A client certificate' },
  { value: 'either', label: 'A DPoP key or a certificate' },
] as const;

export const SIGNING_ALGORITHMS = ['ES256', 'PS256', 'RS256', 'EdDSA'] as const;

export const SECURITY_PROFILES = [
  { value: 'standard', label: 'Standard: the RFCs as they are' },
  { value: 'fapi2', label: 'FAPI 2.0: keys and bound tokens only' },
  { value: 'pingone', label: 'PingOne: what its clients send and expect' },
] as const;
