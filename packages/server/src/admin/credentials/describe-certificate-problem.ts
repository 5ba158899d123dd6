import type { CertificateProblem } from '../../clients/verify-certificate-chain.ts';

/** Why a certificate is not taken, for the person who sent it. */
export function describeCertificateProblem(problem: CertificateProblem): string {
  switch (problem.reason) {
    case 'certificate_expired':
      return 'has expired';
    case 'certificate_not_yet_valid':
      return 'is not valid yet';
    case 'certificate_weak':
      return 'has a key or a signature that is too weak';
    case 'certificate_usage_wrong':
      return 'is not for authenticating clients, it says itself';
    case 'certificate_unsupported':
      return `has the extension ${problem.extension}, which is not understood here`;
    case 'certificate_untrusted':
      return 'is not that of a certificate authority: basicConstraints does not say so';
  }
}
