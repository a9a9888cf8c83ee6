import { openEmbeddedStore } from '../../src/database/embedded/embedded-store.js';
import { COLLECTIONS } from '../../src/database/indexes.js';
import { fillStore, type Filling } from '../filling.js';

/** `node fill.js <folder> <filling as JSON>`: a separate process, since only one process at a time can use the folder. */
const [dir, filling] = process.argv.slice(2);
const store = await openEmbeddedStore({ dir: dir! });
await store.applyIndexes(COLLECTIONS);
await fillStore(store, JSON.parse(filling!) as Filling);
await store.close();
