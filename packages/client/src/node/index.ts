/** What only Node has: files, the environment, and connections that show a certificate. */
export { certificateFromFiles, type ShownCertificate } from './certificate-from-files.ts';
export { fetchWithCertificate } from './fetch-with-certificate.ts';
export { fromEnvironment } from './from-environment.ts';
export { fromFile } from './from-file.ts';
export { keyFromFile } from './key-from-file.ts';
