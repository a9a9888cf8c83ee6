import type { InboundText } from '../carrier.js';
import { jsonOf, type HttpOutcome } from '../http-call.js';
import { readText } from './flowroute-inbound.js';
import { objectIn, objectsIn, textIn } from './json-reading.js';

const PAGE = 250;
/** Texts that went out are in the list, too. */
const MOST_PAGES = 40;

/** Reads Flowroute's list of texts page by page; null when a page doesn't come. */
export async function listInbound(
  get: (query: string) => Promise<HttpOutcome>,
  since: Date,
): Promise<InboundText[] | null> {
  const start = encodeURIComponent(since.toISOString());
  const texts: InboundText[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const result = await get(`?start_date=${start}&limit=${PAGE}&offset=${page * PAGE}`);
    if (result.kind !== 'answered' || result.status !== 200) return null;
    const rows = objectsIn(jsonOf(result), 'data');
    for (const row of rows) {
      const attributes = objectIn(row, 'attributes');
      if (textIn(attributes, 'direction') !== 'inbound') continue;
      const text = readText(textIn(row, 'id'), attributes, row);
      if (!('missing' in text)) texts.push(text);
    }
    if (rows.length < PAGE) break;
  }
  return texts.toSorted((a, b) => (a.received_at?.getTime() ?? 0) - (b.received_at?.getTime() ?? 0));
}
