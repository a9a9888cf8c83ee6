import type { Rows } from '../masked/rows.js';

/** What `GET /tn` says. */
export interface PoolAnswer {
  virtual_tns: { value: string; session_id: string | null }[];
  pool_size: number;
  available: number;
  in_use: number;
}

/** Every number is free, or in an open session, and the pool says which. */
export function poolWrong({ sessions }: Rows, pool: PoolAnswer, isOver: boolean): string[] {
  const wrong: string[] = [];
  const open = sessions.filter(({ state }) => state === 'open');
  const used = new Set(open.flatMap(({ tns }) => tns ?? []));
  if (pool.in_use !== used.size || pool.available !== pool.pool_size - used.size)
    wrong.push(`the pool says ${pool.available} free, ${pool.in_use} in use; open sessions have ${used.size}`);
  for (const { value, session_id } of pool.virtual_tns) {
    const holder = open.find(({ claims }) => claims?.includes(`+${value}|*`));
    if ((holder?._id ?? null) !== session_id)
      wrong.push(`${value} is ${holder?._id}'s, and is said to be ${session_id}'s`);
  }
  if (isOver && used.size > 0) wrong.push(`${[...used].join(', ')} are lost`);
  return wrong;
}
