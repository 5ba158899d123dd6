/** What AM's clients ask before anything else. */

/** The version of AM whose addresses and shapes these are: clients choose theirs by it. */
const AM_VERSION = '7.5.0';
const AM_DATE = '2024-March-28 16:00';

export const describeVersion = (): Readonly<Record<string, unknown>> => ({
  _id: 'version',
  _rev: '1',
  version: AM_VERSION,
  fullVersion: `Tessera, compatible with ForgeRock Access Management ${AM_VERSION} (${AM_DATE})`,
  revision: 'tessera',
  date: AM_DATE,
});

export const describeServer = (
  cookieName: string,
  publicUrl: string,
): Readonly<Record<string, unknown>> => ({
  _id: '*',
  _rev: '1',
  domains: [],
  protectedUserAttributes: [],
  cookieName,
  secureCookie: publicUrl.startsWith('https:'),
  forgotPassword: 'false',
  forgotUsername: 'false',
  kbaEnabled: 'false',
  selfRegistration: 'false',
  lang: 'en-US',
  successfulUserRegistrationDestination: 'default',
  socialImplementations: [],
  referralsEnabled: 'false',
  zeroPageLogin: { enabled: false, refererWhitelist: [], allowedWithoutReferer: true },
  realm: '/',
  xuiUserSessionValidationEnabled: true,
  fileBasedConfiguration: false,
  userIdAttributes: [],
  cloudOnlyFeaturesEnabled: false,
});
