// The JavaScript peer: signs and checks with @digitalbazaar/vc and eddsa-rdfc-2022, safe mode on.
// Reads one JSON command per line and answers each with one line. Times are processor time of this process.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [packages, shipped] = process.argv.slice(2);
const require = createRequire(join(packages, 'package.json'));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

const vc = await load('@digitalbazaar/vc');
const { DataIntegrityProof } = await load('@digitalbazaar/data-integrity');
const { cryptosuite } = await load('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const Ed25519Multikey = await load('@digitalbazaar/ed25519-multikey');

const documents = new Map();
const manifest = JSON.parse(readFileSync(join(shipped, 'manifest.json'), 'utf8'));
for (const [url, { file }] of Object.entries(manifest)) {
  documents.set(url, JSON.parse(readFileSync(join(shipped, 'data', file), 'utf8')));
}

async function documentLoader(url) {
  const document = documents.get(url);
  if (!document) throw new Error(`NotFoundError: ${url}`);
  // The tag lets jsonld.js keep what it made of a context.
  return { contextUrl: null, documentUrl: url, document, tag: 'static' };
}

// A day on which everything in the pools is valid, whatever the clock says.
const NOW = new Date('2027-01-01T00:00:00Z');
let signer;
const suiteFor = (created) => new DataIntegrityProof({ signer, cryptosuite, date: created });

async function setup({ key, controller }) {
  const pair = await Ed25519Multikey.from({ type: 'Multikey', controller, id: `${controller}#${key.publicKeyMultibase}`, ...key });
  signer = pair.signer();
  const method = await pair.export({ publicKey: true, includeContext: true });
  documents.set(method.id, method);
  documents.set(controller, {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: controller,
    assertionMethod: [method],
  });
  return {};
}

async function timed(work) {
  globalThis.gc?.();
  const began = process.cpuUsage();
  const results = await work();
  const { user, system } = process.cpuUsage(began);
  return { seconds: (user + system) / 1e6, results };
}

const commands = {
  setup,
  sign: ({ credentials, created }) => timed(async () => {
    const made = [];
    for (const credential of credentials) {
      made.push(JSON.stringify(await vc.issue({ credential, suite: suiteFor(created), documentLoader })));
    }
    return made;
  }),
  verify: ({ texts }) => timed(async () => {
    const found = [];
    for (const text of texts) {
      const credential = JSON.parse(text);
      // Whether it still stands is not the question here, so the lists of states are not fetched.
      const { verified, error } = await vc.verifyCredential({
        credential, suite: new DataIntegrityProof({ cryptosuite }), documentLoader, now: NOW, checkStatus: async () => ({ verified: true }),
      });
      found.push(verified ? '' : String(error?.errors?.[0]?.message ?? error?.message ?? error));
    }
    return found;
  }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...rest } = JSON.parse(line);
  let answer;
  try {
    answer = await commands[command](rest);
  } catch (error) {
    answer = { error: String(error?.details?.[0]?.message ?? error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
