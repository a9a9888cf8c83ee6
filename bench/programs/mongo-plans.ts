import type { Db } from 'mongodb';

export interface Plan {
  /** Command, collection and the fields of its filter and sort. */
  query: string;
  stages: string[];
}

type Fields = Record<string, unknown>;

/** The same for all commands that differ only in their values. */
export function shapeOf(name: string, command: Fields): string {
  return `${name} ${String(command[name])} ${queriesOf(name, command)
    .map(({ filter, sort }) => `{${Object.keys(filter).join(' ')}}${sort ? ` by ${namesIn(sort)}` : ''}`)
    .join(' ')}`;
}

/** The driver returns a sort as a Map. */
function namesIn(sort: Fields | Map<string, unknown>): string {
  return (sort instanceof Map ? [...sort.keys()] : Object.keys(sort)).join(' ');
}

/** The server's plan, outermost stage first. An update finds its document in the same way as a find. */
export async function explained(db: Db, name: string, command: Fields, query: string): Promise<Plan> {
  const stages: string[] = [];
  for (const { filter, sort, limit } of queriesOf(name, command)) {
    const find = { find: command[name], filter, ...(sort ? { sort } : {}), ...(limit ? { limit } : {}) };
    stages.push(...stagesIn(await db.command({ explain: find, verbosity: 'queryPlanner' })));
  }
  return { query, stages };
}

function queriesOf(name: string, command: Fields): { filter: Fields; sort?: Fields; limit?: number }[] {
  switch (name) {
    case 'update':
      return (command['updates'] as { q: Fields }[]).slice(0, 1).map(({ q }) => ({ filter: q }));
    case 'delete':
      return (command['deletes'] as { q: Fields }[]).slice(0, 1).map(({ q }) => ({ filter: q }));
    case 'findAndModify':
    case 'count':
      return [{ filter: command['query'] as Fields, sort: command['sort'] as Fields }];
    case 'aggregate':
      return (command['pipeline'] as { $match?: Fields }[]).flatMap(({ $match }) =>
        $match ? [{ filter: $match }] : [],
      );
    default:
      return [
        { filter: command['filter'] as Fields, sort: command['sort'] as Fields, limit: command['limit'] as number },
      ];
  }
}

function stagesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(stagesIn);
  if (typeof value !== 'object' || value === null) return [];
  const { stage, rejectedPlans: _, ...rest } = value as { stage?: string; rejectedPlans?: unknown };
  return [...(typeof stage === 'string' ? [stage] : []), ...Object.values(rest).flatMap(stagesIn)];
}
