// Two independent verifiers behind one question: what do they say about this credential?
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as statusLists from '@digitalbazaar/vc-bitstring-status-list';
import * as vc from '@digitalbazaar/vc';
import { verifyCredential as coreVerify } from '@digitalcredentials/verifier-core';

const reasons = (error) => {
  const all = [error, ...(error?.errors ?? []), error?.cause].filter(Boolean);
  return all.map((item) => `${item.name ?? 'Error'}: ${item.message}${item.details?.event?.message ? ` (${item.details.event.message})` : ''}`).join('; ');
};

// The strictest: safe mode is on, the key must stand in the controller's assertionMethod and belong to the issuer.
export async function digitalBazaar(credential, documents) {
  const suite = new DataIntegrityProof({ cryptosuite });
  const documentLoader = documents.loader();
  const checkStatus = (options) => statusLists.checkStatus({ ...options, verifyMatchingIssuers: true });
  try {
    const result = await vc.verifyCredential({ credential, suite, documentLoader, checkStatus });
    // The library checks the lists and hands the bits over; what a set bit means is the caller's business.
    const raised = (result.statusResult?.results ?? []).filter((item) => item.status).map((item) => item.credentialStatus.statusPurpose);
    if (result.verified && raised.length) return { valid: false, why: `status set: ${raised.join(', ')}` };
    return { valid: result.verified === true, why: result.verified ? '' : reasons(result.error ?? result.statusResult?.error) };
  } catch (error) {
    return { valid: false, why: reasons(error) };
  }
}

// The engine of VerifierPlus and the Learner Credential Wallet. It gives a log, not one answer, and of the status it reads
// revocation only: a suspended credential passes.
export async function verifierCore(credential) {
  const result = await coreVerify({ credential: structuredClone(credential), knownDIDRegistries: [] });
  const step = (id) => result.log?.find((entry) => entry.id === id);
  const schemas = result.additionalInformation?.flatMap((item) => (Array.isArray(item.results) ? item.results : [])) ?? [];
  const bad = [
    ...(result.errors ?? []).map((error) => `${error.name}: ${error.message ?? ''}`),
    ...(step('valid_signature')?.valid === true ? [] : ['valid_signature is not true']),
    ...['expiration', 'revocation_status'].filter((id) => step(id) && step(id).valid !== true).map((id) => `${id}: ${JSON.stringify(step(id).error ?? step(id).valid)}`),
    ...(credential.credentialStatus && !step('revocation_status') ? ['revocation_status was not reached'] : []),
    ...schemas.filter((item) => !item.result?.valid).map((item) => `schema: ${JSON.stringify(item.result?.errors?.slice(0, 2))}`),
  ];
  return { valid: bad.length === 0, why: bad.join('; ') };
}
