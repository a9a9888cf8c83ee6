import type { StoreFileContents } from '../database/store-file.js';

export function describeContents({ schemaVersion, counts }: StoreFileContents): string[] {
  return [
    `  schema version ${schemaVersion}`,
    ...counts.map(([collection, documents]) => `  ${collection.padEnd(20)} ${String(documents).padStart(12)}`),
  ];
}
