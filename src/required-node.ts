/** As `engines` in package.json has it. */
const MAJOR = 20;
const MINOR = 19;

/**
 * Loads a program unless Node is too old for it: then its imports alone would fail, with words that help nobody. This file imports nothing,
 * and an old Node can read its syntax.
 */
export function onRequiredNode(load: () => Promise<unknown>): void {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major! < MAJOR || (major === MAJOR && minor! < MINOR)) {
    end(
      `This needs Node.js ${MAJOR}.${MINOR} or newer; this is ${process.version}. Install a newer one: https://nodejs.org`,
    );
  }
  load().catch((error: Error & { code?: string }) => {
    end(
      error.code === 'ERR_MODULE_NOT_FOUND'
        ? `${error.message}\nInstall what is missing with: npm ci`
        : String(error.stack),
    );
  });
}

function end(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
