import { UnusableCredentialError } from '../oauth-error.ts';

/**
 * Reads a secret or a token from an environment variable when it is needed, such as the ID token
 * of a GitLab job. A process does not see changes of its environment from outside.
 */
export const fromEnvironment = (name: string): (() => string) => {
  return () => {
    const text = process.env[name]?.trim() ?? '';
    if (text !== '') return text;
    throw new UnusableCredentialError(
      `the environment variable ${name} is not set`,
      'Set it where the process is started.',
    );
  };
};
