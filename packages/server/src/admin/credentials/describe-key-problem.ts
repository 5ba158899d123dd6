import type { KeyProblem } from '@tessera/protocol';

/** Why a key is not taken, for the person who sent it. */
export function describeKeyProblem(problem: KeyProblem): string {
  switch (problem.reason) {
    case 'key_malformed':
      return `has no usable member ${problem.member}`;
    case 'key_private':
      return `contains the private member ${problem.member}: whoever sent it should make a new key`;
    case 'key_type_unsupported':
      return 'is of a type or curve that is not supported';
    case 'key_length_unsupported':
      return `has ${problem.bits} bits, which is too short`;
    case 'key_weak':
      return 'has an exponent by which signatures prove nothing';
    case 'key_use_unsupported':
      return `is not for signatures, says its member ${problem.member}`;
  }
}
