// The other side of the conformance face: keys, contexts, suites and proofs of implementations that other people wrote.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as base58 from 'base58-universal';
import canonicalize from 'canonicalize';
import jsonld from 'jsonld';
import * as rdfCanonize from 'rdf-canonize';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as dataIntegrity from '@digitalbazaar/data-integrity-context';
import { contexts as credentialContexts } from '@digitalbazaar/credentials-context';
import * as didKey from '@digitalbazaar/did-method-key';
import { CachedResolver } from '@digitalbazaar/did-io';
import * as ecdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { securityLoader } from '@digitalbazaar/security-document-loader';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';

export const V1 = 'https://www.w3.org/2018/credentials/v1';
export const V2 = 'https://www.w3.org/ns/credentials/v2';
export const DATA_INTEGRITY = 'https://w3id.org/security/data-integrity/v2';
const EXAMPLES = { 'https://www.w3.org/2018/credentials/examples/v1': 'credentials-examples-context/contexts/credentials-examples-v1.jsonld', 'https://www.w3.org/ns/odrl.jsonld': 'odrl-context/contexts/odrl.jsonld' };

const packaged = (path) => JSON.parse(readFileSync(new URL(`node_modules/@digitalbazaar/${path}`, import.meta.url), 'utf8'));

export function documentLoader() {
  const loader = securityLoader();
  for (const [url, document] of [...credentialContexts, ...dataIntegrity.contexts]) loader.addStatic(url, document);
  for (const [url, path] of Object.entries(EXAMPLES)) loader.addStatic(url, packaged(path));
  loader.addStatic('https://www.w3.org/ns/credentials/examples/v2', { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } });
  const driver = didKey.driver();
  driver.use({ multibaseMultikeyHeader: 'z6Mk', fromMultibase: ed25519Multikey.from });
  for (const header of ['zDna', 'z82L']) driver.use({ multibaseMultikeyHeader: header, fromMultibase: ecdsaMultikey.from });
  const resolver = new CachedResolver();
  resolver.use(driver);
  loader.setDidResolver(resolver);
  return loader.build();
}

export async function generate(kind) {
  const key = kind === 'Ed25519' ? await ed25519Multikey.generate() : await ecdsaMultikey.generate({ curve: kind });
  key.controller = `did:key:${key.publicKeyMultibase}`;
  key.id = `${key.controller}#${key.publicKeyMultibase}`;
  return key;
}

const SIGN = {
  'eddsa-rdfc-2022': () => eddsaRdfc,
  'eddsa-jcs-2022': () => eddsaJcs.createSignCryptosuite(),
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-jcs-2019': () => ecdsaJcs.createSignCryptosuite(),
  'ecdsa-sd-2023': (pointers) => ecdsaSd.createSignCryptosuite({ mandatoryPointers: pointers }),
};
const VERIFY = {
  'eddsa-rdfc-2022': () => eddsaRdfc,
  'eddsa-jcs-2022': () => eddsaJcs.createVerifyCryptosuite(),
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-jcs-2019': () => ecdsaJcs.createVerifyCryptosuite(),
  'ecdsa-sd-2023': () => ecdsaSd.createVerifyCryptosuite(),
};
export const signing = (name, key, pointers) => new DataIntegrityProof({ signer: key.signer(), cryptosuite: SIGN[name](pointers) });
export const verifying = (name) => new DataIntegrityProof({ cryptosuite: VERIFY[name]() });
export const disclosing = (pointers) => new DataIntegrityProof({ cryptosuite: ecdsaSd.createDiscloseCryptosuite({ selectivePointers: pointers }) });

// Chains of proofs, step by step (Data Integrity 1.0, section 4.3): the libraries above sign and check none.
async function canonical(part, name, hash, loader) {
  if (name.includes('jcs')) return canonicalize(part);
  const dataset = await jsonld.toRDF(part, { base: null, documentLoader: loader, safe: true, rdfDirection: 'i18n-datatype' });
  return rdfCanonize.canonize(dataset, { algorithm: 'RDFC-1.0', messageDigestAlgorithm: hash === 'sha384' ? 'SHA-384' : 'SHA-256' });
}

async function hashData(document, proof, kind, loader) {
  const all = [document.proof ?? []].flat();
  const wanted = [proof.previousProof ?? []].flat();
  const { proof: _, ...unsecured } = document;
  if (wanted.length) unsecured.proof = all.filter((one) => wanted.includes(one.id));
  const { proofValue: __, ...options } = proof;
  options['@context'] = document['@context'];
  const hash = kind === 'P-384' ? 'sha384' : 'sha256';
  const parts = await Promise.all([options, unsecured].map((part) => canonical(part, proof.cryptosuite, hash, loader)));
  return Buffer.concat(parts.map((text) => createHash(hash).update(text).digest()));
}

export async function addProof(document, key, name, kind, more, loader) {
  const proof = { type: 'DataIntegrityProof', cryptosuite: name, created: '2026-01-01T00:00:00Z', verificationMethod: key.id, proofPurpose: 'assertionMethod', ...more };
  if (name.includes('jcs')) proof['@context'] = document['@context'];
  proof.proofValue = `z${base58.encode(await key.signer().sign({ data: await hashData(document, proof, kind, loader) }))}`;
  return { ...document, proof: [...[document.proof ?? []].flat(), proof] };
}

export async function proofHolds(document, number, kind, loader) {
  const proof = document.proof[number];
  const [controller, publicKeyMultibase] = proof.verificationMethod.split('#');
  const method = { '@context': 'https://w3id.org/security/multikey/v1', id: proof.verificationMethod, type: 'Multikey', controller, publicKeyMultibase };
  const key = await (kind === 'Ed25519' ? ed25519Multikey : ecdsaMultikey).from(method);
  const signature = base58.decode(proof.proofValue.slice(1));
  return key.verifier().verify({ data: await hashData(document, proof, kind, loader), signature });
}
