// node canonical.mjs FILE: every line of the file holds a document and its canonical N-Quads; jsonld.js (safe mode) and
// rdf-canonize (RDFC-1.0) must come to the same.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import jsonld from 'jsonld';
import { foreignContexts, shippedContexts } from './documents.mjs';

const contexts = new Map([...shippedContexts(), ...foreignContexts()]);
const documentLoader = async (url) => {
  if (!contexts.has(url)) throw new Error(`NotFoundError: ${url}`);
  return { contextUrl: null, documentUrl: url, document: contexts.get(url), tag: 'static' };
};

const tally = { same: 0, other: 0, refused: 0 };
for await (const line of createInterface({ input: createReadStream(process.argv[2]), crlfDelay: Infinity })) {
  const { way, document, nquads } = JSON.parse(line);
  let theirs;
  try {
    theirs = await jsonld.canonize(document, { algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader, safe: true, base: null });
  } catch (error) {
    tally.refused += 1;
    console.log(`FAILED ${way}: jsonld.js refuses it (${error.details?.event?.code ?? error.message}): ${JSON.stringify(document).slice(0, 300)}`);
    continue;
  }
  if (theirs === nquads) { tally.same += 1; continue; }
  tally.other += 1;
  const [mine, other] = [nquads.split('\n'), theirs.split('\n')];
  const at = mine.findIndex((one, index) => one !== other[index]);
  console.log(`FAILED ${way}: line ${at + 1} is\n  ${mine[at]}\nand theirs\n  ${other[at]}`);
}
console.log(`${tally.same + tally.other + tally.refused} hostile documents: ${tally.same} the same, ${tally.other} other, ${tally.refused} refused by jsonld.js`);
process.exitCode = tally.other + tally.refused ? 1 : 0;
