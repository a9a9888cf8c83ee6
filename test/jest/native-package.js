import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Jest's transformer of packages: puts in place of their code what Node's own loader has loaded. Why: docs/decisions/0006-test-runner.md. */
export default {
  process: (_source, path, { supportsStaticESM }) => ({ code: codeFor(path, supportsStaticESM) }),
  // A new version of a package may export other names from the same source.
  getCacheKey: (_source, path, { supportsStaticESM }) =>
    createHash('sha256').update(codeFor(path, supportsStaticESM)).digest('hex'),
};

function codeFor(path, isModule) {
  const loaded = `nativeRequire(${JSON.stringify(path)})`;
  if (!isModule) return `module.exports = ${loaded};`;
  const exported = Object.keys(require(path)).map(
    (name, i) => `const e${i} = loaded.${name};\nexport { e${i} as ${name} };`,
  );
  return [`const loaded = ${loaded};`, ...exported].join('\n');
}
