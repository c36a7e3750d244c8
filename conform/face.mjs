// node face.mjs RECORD: the conformance face against libraries that other people wrote, in both directions.
// RECORD is the implementation record that "guildmark vc-api" writes. Prints each failure and "N passed, N failed".
import { readFileSync } from 'node:fs';
import * as jose from 'jose';
import * as vc from '@digitalbazaar/vc';
import jsigs from 'jsonld-signatures';
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020';
import { Ed25519VerificationKey2020 } from '@digitalbazaar/ed25519-verification-key-2020';
import * as statusLists from '@digitalbazaar/vc-bitstring-status-list';
import { DATA_INTEGRITY, V1, V2, addProof, disclosing, documentLoader, generate, proofHolds, signing, verifying } from './peers.mjs';
import { shapes } from './shapes.mjs';

const record = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const base = record.issuers[0].endpoint.split('/').slice(0, 3).join('/');
const loader = documentLoader();
const clone = (value) => structuredClone(value);
let passed = 0;
let failed = 0;

function check(name, good, why = '') {
  if (good) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED ${name}: ${(typeof why === 'string' ? why : JSON.stringify(why))?.slice(0, 400)}`);
  }
}

async function post(endpoint, body) {
  const address = endpoint.startsWith('https:') ? endpoint : `${base}/${endpoint}`;
  const answer = await fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, data: text ? JSON.parse(text) : null };
}

async function expectVerified(name, credential, status = 200, options = { checks: ['proof'] }) {
  const answer = await post(record.verifiers[0].endpoint, { verifiableCredential: credential, options });
  check(name, answer.status === status, answer.data);
}

async function expectPresented(name, presentation, options, status = 200) {
  const answer = await post(record.vpVerifiers[0].endpoint, { verifiablePresentation: presentation, options });
  check(name, answer.status === status, answer.data);
}

// Their JCS suites compare contexts by identity, so they refuse every document with a context object, their own included.
const theyCanRead = (document, name) => !name.includes('jcs') || document['@context'].every((item) => typeof item === 'string');

async function expectVerifiedThere(name, credential) {
  const result = await vc.verifyCredential({ credential, suite: verifying(credential.proof.cryptosuite), documentLoader: loader, checkStatus: async () => ({ verified: true }) });
  check(name, result.verified, result.error?.errors?.map((error) => error.message).join('; ') ?? String(result.error));
}

const isOlder = (document) => document['@context'][0] === V1;
function theirs(document, key) {
  const credential = { ...clone(document), issuer: key.controller };
  if (isOlder(document)) credential['@context'].push(DATA_INTEGRITY);
  return credential;
}
const mandatory = (document) => ['/issuer', ...(isOlder(document) ? ['/issuanceDate'] : [])];
const faceOf = (issuer) => issuer.endpoint.split('/')[4];
const plain = record.issuers.filter((issuer) => !issuer.tags.includes('EnvelopingProof') && !issuer.tags.includes('BitstringStatusList') && !issuer.tags.includes('ecdsa-sd-2023'));

async function ourCredentials() {
  for (const [shape, { document }] of Object.entries(shapes)) {
    for (const issuer of plain) {
      const what = `${shape}, ${faceOf(issuer)}`;
      const answer = await post(issuer.endpoint, { credential: { ...document, issuer: issuer.id }, options: {} });
      check(`issue ${what}`, answer.status === 201, answer.data);
      if (answer.status !== 201) continue;
      await expectVerified(`ours here: ${what}`, answer.data);
      if (theyCanRead(document, answer.data.proof.cryptosuite)) await expectVerifiedThere(`ours there: ${what}`, answer.data);
    }
  }
}

const SUITES = [['eddsa-rdfc-2022', 'Ed25519'], ['eddsa-jcs-2022', 'Ed25519'], ['ecdsa-rdfc-2019', 'P-256'], ['ecdsa-rdfc-2019', 'P-384'], ['ecdsa-jcs-2019', 'P-256'], ['ecdsa-jcs-2019', 'P-384']];

async function theirCredentials() {
  for (const [shape, { document }] of Object.entries(shapes)) {
    for (const [name, kind] of SUITES) {
      const [key, other, holder] = [await generate(kind), await generate(kind), await generate(kind)];
      const what = `${shape}, ${name} ${kind}`;
      const credential = await vc.issue({ credential: theirs(document, key), suite: signing(name, key), documentLoader: loader });
      await expectVerified(`theirs here: ${what}`, credential);
      await expectVerified(`tampered: ${what}`, { ...credential, issuer: other.controller }, 400);
      const purpose = new jsigs.purposes.AssertionProofPurpose();
      const set = await jsigs.sign(clone(credential), { suite: signing(name, other), purpose, documentLoader: loader });
      await expectVerified(`set: ${what}`, set);
      set.proof[0].proofValue = set.proof[1].proofValue;
      await expectVerified(`broken set: ${what}`, set, 400);
      const presentation = { '@context': credential['@context'].slice(0, 1), type: ['VerifiablePresentation'], holder: holder.controller, verifiableCredential: [credential] };
      if (isOlder(document)) presentation['@context'].push(DATA_INTEGRITY);
      const asked = { challenge: 'a challenge', domain: 'verifier.example' };
      const shown = await vc.signPresentation({ presentation, suite: signing(name, holder), ...asked, documentLoader: loader });
      await expectPresented(`presentation: ${what}`, shown, asked);
      await expectPresented(`presentation, other challenge: ${what}`, shown, { ...asked, challenge: 'another' }, 400);
      await expectPresented(`presentation of another: ${what}`, { ...shown, holder: other.controller }, asked, 400);
    }
  }
}

async function chains() {
  for (const { document } of [shapes.small, shapes['small 1.1']]) {
    for (const [name, kind] of SUITES) {
      const [key, other] = [await generate(kind), await generate(kind)];
      const first = await addProof(theirs(document, key), key, name, kind, { id: 'urn:uuid:first' }, loader);
      for (const previousProof of ['urn:uuid:first', ['urn:uuid:first']]) {
        const what = `${name} ${kind}, previousProof ${JSON.stringify(previousProof)}`;
        const chain = await addProof(first, other, name, kind, { previousProof }, loader);
        await expectVerified(`chain: ${what}`, chain);
        const lost = clone(chain);
        lost.proof[0].id = 'urn:uuid:renamed';
        await expectVerified(`lost link: ${what}`, lost, 400);
        const issuer = plain.find((one) => faceOf(one) === (kind === 'Ed25519' ? name : `${name}-${kind.toLowerCase().replace('-', '')}`));
        const ours = await post(issuer.endpoint, { credential: first, options: { previousProof } });
        check(`our link: ${what}`, ours.status === 201 && (await proofHolds(ours.data, 1, kind, loader)), ours.data);
      }
    }
  }
}

async function disclosures() {
  const issuer = record.issuers.find((one) => one.tags.includes('ecdsa-sd-2023'));
  if (!issuer) return;
  const derive = (credential, pointers) => post(record.vcHolders[0].endpoint, { verifiableCredential: credential, options: { selectivePointers: pointers } });
  const deriveThere = (credential, pointers) => vc.derive({ verifiableCredential: clone(credential), suite: disclosing(pointers), documentLoader: loader });
  for (const [shape, { document, pointers }] of Object.entries(shapes)) {
    const key = await generate('P-256');
    const answer = await post(issuer.endpoint, { credential: { ...document, issuer: issuer.id }, options: { mandatoryPointers: mandatory(document) } });
    check(`base proof: ${shape}`, answer.status === 201, answer.data);
    const foreign = await vc.issue({ credential: theirs(document, key), suite: signing('ecdsa-sd-2023', key, mandatory(document)), documentLoader: loader });
    for (const [whose, credential] of [['ours', answer.data], ['theirs', foreign]]) {
      await expectVerified(`base proof of ${whose} is refused: ${shape}`, credential, 400);
      const shown = await derive(credential, pointers);
      check(`derive ${whose}: ${shape}`, shown.status === 201, shown.data);
      await expectVerifiedThere(`our derivation of ${whose} there: ${shape}`, shown.data);
      await expectVerified(`our derivation of ${whose} here: ${shape}`, shown.data);
      const there = await deriveThere(credential, pointers);
      await expectVerified(`their derivation of ${whose} here: ${shape}`, there);
      await expectVerified(`tampered derivation of ${whose}: ${shape}`, { ...there, issuer: key.id }, 400);
    }
  }
}

async function ourPresentations() {
  for (const issuer of plain.filter((one) => !faceOf(one).includes('jcs'))) {
    const credential = (await post(issuer.endpoint, { credential: { ...shapes.small.document, issuer: issuer.id } })).data;
    const presentation = { '@context': [V2], type: ['VerifiablePresentation'], holder: { id: issuer.id }, verifiableCredential: [credential] };
    const asked = { challenge: 'a challenge', domain: 'verifier.example' };
    const shown = await post(`vc-api/${faceOf(issuer)}/presentations/prove`, { presentation, options: asked });
    check(`prove, ${faceOf(issuer)}`, shown.status === 201, shown.data);
    const result = await vc.verify({ presentation: shown.data, ...asked, suite: verifying(credential.proof.cryptosuite), documentLoader: loader });
    check(`our presentation there, ${faceOf(issuer)}`, result.verified, String(result.error));
  }
}

async function statuses() {
  for (const issuer of record.issuers.filter((one) => one.tags.includes('BitstringStatusList'))) {
    const credential = (await post(issuer.endpoint, { credential: { ...shapes.small.document, id: `urn:uuid:${crypto.randomUUID()}`, issuer: issuer.id } })).data;
    const { statusListCredential, statusPurpose } = credential.credentialStatus;
    const withLists = async (url) => (url === statusListCredential ? { contextUrl: null, documentUrl: url, document: await (await fetch(url)).json() } : loader(url));
    const look = () => statusLists.checkStatus({ credential, documentLoader: withLists, suite: verifying('eddsa-rdfc-2022'), verifyBitstringStatusListCredential: true, verifyMatchingIssuers: true });
    const clear = await look();
    check(`${statusPurpose} is clear`, clear.verified && clear.results.every((one) => one.status === false), String(clear.error));
    await expectVerified(`${statusPurpose}, clear here`, credential, 200, { checks: ['proof', 'credentialStatus'] });
    const update = await post('vc-api/credentials/status', { credentialId: credential.id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose } });
    check(`${statusPurpose} is set`, update.status === 200, update.data);
    const raised = await look();
    check(`${statusPurpose} is raised`, raised.verified && raised.results.some((one) => one.status === true), String(raised.error));
    await expectVerified(`${statusPurpose}, raised here`, credential, 400, { checks: ['proof', 'credentialStatus'] });
  }
}

async function theRest() {
  const key = await Ed25519VerificationKey2020.generate();
  key.controller = `did:key:${key.fingerprint()}`;
  key.id = `${key.controller}#${key.fingerprint()}`;
  const document = { ...shapes['small 1.1'].document, '@context': [V1, 'https://w3id.org/security/suites/ed25519-2020/v1'], issuer: key.controller };
  await expectVerified('Ed25519Signature2020', await vc.issue({ credential: clone(document), suite: new Ed25519Signature2020({ key }), documentLoader: loader }));
  const issuer = record.issuers.find((one) => one.tags.includes('EnvelopingProof'));
  const made = (await post(issuer.endpoint, { credential: { ...shapes.small.document, issuer: issuer.id } })).data;
  const resolved = await (await fetch(`${record.didResolvers[0].endpoint}/${encodeURIComponent(issuer.id)}?publicKeyFormat=JsonWebKey2020`)).json();
  const jwk = await jose.importJWK(resolved.didDocument.verificationMethod[0].publicKeyJwk, 'ES256');
  const { payload, protectedHeader } = await jose.compactVerify(made.id.split(',')[1], jwk);
  check('token', protectedHeader.typ === 'vc+jwt' && JSON.parse(new TextDecoder().decode(payload)).issuer === issuer.id, protectedHeader);
  await expectVerified('token here', made);
}

for (const part of [ourCredentials, theirCredentials, chains, disclosures, ourPresentations, statuses, theRest]) await part();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
