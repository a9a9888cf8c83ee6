/** Returns the ids of one list below `edge`, newest first, at most a batch; fewer than a batch mean the end of the list. */
export type IdsBelow = (edge: string | undefined, batch: number) => Promise<string[]>;

interface Head {
  list: IdsBelow;
  ids: string[];
  at: number;
}

/** Merges several lists, newest first, from `edge` on; reads of each list only as much as the merged list needs. */
export async function mergeNewest(
  lists: readonly IdsBelow[],
  { skip, limit, edge, batch = 500 }: { skip: number; limit: number; edge?: string | undefined; batch?: number },
): Promise<string[]> {
  const size = Math.min(batch, skip + limit);
  const open = async (list: IdsBelow): Promise<Head> => ({ list, ids: await list(edge, size), at: 0 });
  const heads = (await Promise.all(lists.map(open))).filter(({ ids }) => ids.length > 0);
  const page: string[] = [];
  for (let place = 0; place < skip + limit && heads.length > 0; place++) {
    const head = heads.reduce((a, b) => (a.ids[a.at]! > b.ids[b.at]! ? a : b));
    const id = head.ids[head.at++]!;
    if (place >= skip) page.push(id);
    if (head.at < head.ids.length) continue;
    head.ids = head.ids.length === size ? await head.list(id, size) : [];
    head.at = 0;
    if (head.ids.length === 0) heads.splice(heads.indexOf(head), 1);
  }
  return page;
}
