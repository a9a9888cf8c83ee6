import { openEmbeddedStore } from '../../dist/database/embedded/embedded-store.js';

/** Run as a process of its own: writes without end into the folder it is given and prints each `_id` once it is acknowledged. */
const store = await openEmbeddedStore({ dir: process.argv[2] }).catch((error) => {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exit(1);
});
const things = store.collection('things');
let next = 0;

async function writeOn() {
  for (;;) {
    const n = next++;
    await (n % 5 === 0
      ? things.insertMany([
          { _id: `n${n}`, n },
          { _id: `m${n}`, n },
        ])
      : things.updateOne({ _id: `n${n}` }, { $set: { n } }, { upsert: true }));
    process.stdout.write(`n${n}\n`);
  }
}
await Promise.all(Array.from({ length: 16 }, writeOn));
