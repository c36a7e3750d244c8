// node run.mjs ADDRESS [ADDRESS OF A CREDENTIAL ...]     an installation that is running
// node run.mjs DIRECTORY                                 *.json, trust.json and, if some are not valid, expected.json {file: verdict}
// Options: --trust FILE, --no-mutations. Prints each failure and "N passed, N failed".
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Documents, foreignContexts, realFetch, shippedContexts } from './documents.mjs';
import { mutations } from './mutations.mjs';

const PAGES = 80;
const STRICT = '@digitalbazaar/vc';
const CORE = '@digitalcredentials/verifier-core';

function parse(argv) {
  const options = { mutate: true, trust: null, rest: [] };
  for (let i = 0; i < argv.length; i += 1) {
    if (argv[i] === '--no-mutations') options.mutate = false;
    else if (argv[i] === '--trust') options.trust = argv[(i += 1)];
    else options.rest.push(argv[i]);
  }
  return options;
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

function fromDirectory(directory) {
  const names = readdirSync(directory).filter((name) => name.endsWith('.json')).sort();
  const expected = names.includes('expected.json') ? readJson(join(directory, 'expected.json')) : {};
  return names
    .filter((name) => !['trust.json', 'expected.json'].includes(name))
    .map((name) => ({ name, credential: readJson(join(directory, name)), expected: expected[name] ?? 'valid' }));
}

// Follow the links of the public pages until every credential that they lead to is found.
async function discover(base) {
  const seen = new Set(['/']);
  const found = new Set();
  for (const path of seen) {
    if (seen.size > PAGES) break;
    const answer = await realFetch(new URL(path, base), { headers: { Accept: 'text/html' } });
    if (!answer.ok || !answer.headers.get('content-type')?.includes('html')) continue;
    for (const [, href] of (await answer.text()).matchAll(/href="([^"#]+)/g)) {
      const url = new URL(href.replaceAll('&amp;', '&'), new URL(path, base));
      if (url.host !== new URL(base).host) continue;
      if (/^\/c\/[0-9a-f-]{36}$/.test(url.pathname)) found.add(url.href);
      else if (/^\/(demo|o\/[^/]+|s\/[^/]+)\/?$/.test(url.pathname)) seen.add(url.pathname);
    }
  }
  return [...found].sort();
}

async function fromInstallation(base, addresses) {
  const list = addresses.length ? addresses.map((item) => new URL(item, base).href) : await discover(base);
  return Promise.all(list.map(async (address) => {
    const json = await realFetch(address, { headers: { Accept: 'application/vc+ld+json' } });
    if (!json.ok) throw new Error(`${address} answered ${json.status}`);
    const page = await (await realFetch(address, { headers: { Accept: 'text/html' } })).text();
    return { name: address, credential: await json.json(), expected: page.match(/data-state="(\w+)"/)?.[1] ?? 'valid' };
  }));
}

const tally = { passed: 0, failed: 0 };
function record(ok, text) {
  tally[ok ? 'passed' : 'failed'] += 1;
  if (!ok) console.log(`FAILED ${text}`);
}

function checkContexts() {
  const foreign = foreignContexts();
  for (const [url, document] of shippedContexts()) {
    if (foreign.has(url)) record(isDeepStrictEqual(foreign.get(url), document), `our copy of ${url} differs from the one of the package`);
  }
}

async function checkCredential({ name, credential, expected }, documents, verifiers, mutate) {
  for (const [who, verifier] of Object.entries(verifiers)) {
    const should = expected === 'valid' || (expected === 'suspended' && who === CORE);
    const { valid, why } = await verifier(credential, documents);
    record(valid === should, `${name} (${expected}): ${who} says ${valid ? 'valid' : `not valid: ${why}`}`);
  }
  if (!mutate || expected !== 'valid') return;
  for (const [change, mutated] of mutations(credential)) {
    const { valid } = await verifiers[STRICT](mutated, documents);
    record(!valid, `${name}: ${STRICT} accepts it with ${change}`);
  }
}

async function main() {
  const options = parse(process.argv.slice(2));
  const [target, ...addresses] = options.rest;
  if (!target) {
    console.error('Give the address of an installation, or a directory with credentials and trust.json.');
    return 2;
  }
  const remote = /^https?:\/\//.test(target);
  const trustFile = options.trust ?? (!remote && statSync(join(target, 'trust.json'), { throwIfNoEntry: false }) ? join(target, 'trust.json') : null);
  const documents = new Documents({ trust: trustFile ? readJson(trustFile).documents : {}, base: remote ? target : null });
  // verifier-core takes the global fetch when it is loaded, so it is loaded after this.
  globalThis.fetch = documents.fetch();
  // Its schema checker comments on the style of our schema at every credential.
  console.warn = () => {};
  const { digitalBazaar, verifierCore } = await import('./verifiers.mjs');
  const verifiers = { [STRICT]: digitalBazaar, [CORE]: verifierCore };
  const credentials = remote ? await fromInstallation(target, addresses) : fromDirectory(target);
  checkContexts();
  for (const item of credentials) await checkCredential(item, documents, verifiers, options.mutate);
  if (!credentials.length) record(false, `no credential was found at ${target}`);
  console.log(`${credentials.length} credentials: ${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed ? 1 : 0;
}

process.exitCode = await main();
