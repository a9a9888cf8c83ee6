import { ApiError } from '../../common/errors.js';
import type { SearchTerms } from './search-terms.js';

type Field = Exclude<keyof SearchTerms, 'from' | 'before' | 'route'>;

interface Combination {
  /** The fields that the index looks up. */
  by: Field;
  /** The filters that may be combined with it. */
  with: readonly Field[];
  dates: boolean;
}

const SMALL: readonly Field[] = ['to', 'client_reference', 'client_id', 'agent_id', 'template_id', 'status'];

/** All supported searches. The first that matches is used, so those that read the fewest messages come first. */
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

/** The search that matches; undefined: no filter, or only days. @throws ApiError 400 `unsupported_search`. */
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

/** The same, but all other filters are checked in each message, so every combination is supported. */
export function likelyLeadOf(search: SearchTerms): Field | undefined {
  return COMBINATIONS.find(({ by }) => search[by] !== undefined)?.by;
}

/** A list for error messages: `to (with ...); ...`. */
export const SEARCHES: string = [
  'nothing or created_from/created_to alone',
  ...COMBINATIONS.map((one) => {
    const also = [...one.with.filter((field) => field !== one.by), ...(one.dates ? ['created_from/created_to'] : [])];
    return `${one.by} with any of ${also.join(', ')}`;
  }),
].join('; ');
