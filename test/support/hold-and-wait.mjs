import { holdFolder } from '../../dist/backup/hold.js';

/** A backup that never gets on. */
await holdFolder({ DATA_DIR: process.env.DATA_DIR, MONGO_DB: '' });
console.log('held');
setInterval(() => {}, 1000);
