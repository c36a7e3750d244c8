// Every small change of a credential: each leaf changed by its type, each member removed, one term added.

const changed = (value) => {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (value === null) return 'x';
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return value.replace(/^\d{4}/, (year) => String(Number(year) + 1));
  return value.startsWith('z') && value.length > 60 ? value.slice(0, -1) + (value.endsWith('2') ? '3' : '2') : `${value}x`;
};

const at = (root, path) => path.reduce((node, key) => node[key], root);

function* places(node, path = []) {
  for (const [key, value] of Object.entries(node)) {
    const here = [...path, Array.isArray(node) ? Number(key) : key];
    yield [here, value];
    if (value !== null && typeof value === 'object') yield* places(value, here);
  }
}

function edited(credential, path, edit) {
  const copy = structuredClone(credential);
  edit(at(copy, path.slice(0, -1)), path.at(-1));
  return copy;
}

export function* mutations(credential) {
  for (const [path, value] of places(credential)) {
    const name = path.join('.');
    if (value === null || typeof value !== 'object') {
      yield [`${name} changed`, edited(credential, path, (parent, key) => { parent[key] = changed(value); })];
    }
    yield [`${name} removed`, edited(credential, path, (parent, key) => (Array.isArray(parent) ? parent.splice(key, 1) : delete parent[key]))];
    if (value !== null && typeof value === 'object' && !Array.isArray(value) && path[0] !== '@context') {
      yield [`${name} with an undefined term`, edited(credential, path, (parent, key) => { parent[key].undefinedTermOfNobody = 'x'; })];
    }
  }
  yield ['an undefined term added', { ...structuredClone(credential), undefinedTermOfNobody: 'x' }];
}
