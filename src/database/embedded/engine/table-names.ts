export function tableSql(collection: string): string {
  if (!/^[a-z]\w*$/.test(collection)) throw new TypeError(`${JSON.stringify(collection)} is not a collection's name`);
  return `"docs_${collection}"`;
}

/** No collection's name has a dot. */
export function listTableName(collection: string, path: string): string {
  return `list_${collection}.${path}`;
}
