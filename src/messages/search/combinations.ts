import { ApiError } from '../../common/errors.js';
import type { SearchTerms } from './search-terms.js';

type Field = Exclude<keyof SearchTerms, 'from' | 'before' | 'route'>;

interface Combination {
  /** What the index is asked for. */
  by: Field;
  /** What may be asked besides. */
  with: readonly Field[];
  dates: boolean;
}

const SMALL: readonly Field[] = ['to', 'client_reference', 'client_id', 'agent_id', 'template_id', 'status'];

/** Every search there is. The first that fits is taken, so what leads to the fewest messages stands first. */
const COMBINATIONS: readonly Combination[] = [
  { by: 'request_id', with: SMALL, dates: true },
  { by: 'to', with: SMALL, dates: true },
  { by: 'client_reference', with: SMALL, dates: true },
  { by: 'to_suffix', with: ['client_id'], dates: false },
  { by: 'to_prefix', with: ['client_id'], dates: false },
  { by: 'client_id', with: ['status', 'agent_id', 'template_id'], dates: true },
  { by: 'agent_id', with: ['status'], dates: true },
  { by: 'template_id', with: ['status'], dates: true },
  { by: 'status', with: [], dates: true },
];

/** By what the messages are looked up; undefined: all of them, perhaps of some days. @throws ApiError 400 `unsupported_search`. */
export function leadOf(search: SearchTerms): Field | undefined {
  const asked = COMBINATIONS.map(({ by }) => by).filter((field) => search[field] !== undefined);
  if (asked.length === 0) return undefined;
  const dates = search.from !== undefined || search.before !== undefined;
  const found = COMBINATIONS.find(
    (one) =>
      search[one.by] !== undefined &&
      (one.dates || !dates) &&
      asked.every((field) => field === one.by || one.with.includes(field)),
  );
  if (found) return found.by;
  const named = [...asked, ...(dates ? ['dates'] : [])];
  throw new ApiError(
    400,
    'unsupported_search',
    `No index supports ${named.join(' with ')}. Leave a filter out; the supported searches are: ${SEARCHES}.`,
    named.map((field) => ({ field, message: 'can not be combined with the others' })),
  );
}

/** The same where the rest is looked at in each message: nothing is unsupported. */
export function likelyLeadOf(search: SearchTerms): Field | undefined {
  return COMBINATIONS.find(({ by }) => search[by] !== undefined)?.by;
}

/** For people: `to (with ...); ...`. */
export const SEARCHES: string = [
  'nothing or created_from/created_to alone',
  ...COMBINATIONS.map((one) => {
    const also = [...one.with.filter((field) => field !== one.by), ...(one.dates ? ['created_from/created_to'] : [])];
    return `${one.by} with any of ${also.join(', ')}`;
  }),
].join('; ');
