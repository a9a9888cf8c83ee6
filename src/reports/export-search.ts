import { invalidField } from '../common/errors.js';
import { readTimeRange } from '../common/time-range.js';
import type { Zone } from '../domain/time.js';
import type { SearchTerms } from '../messages/search/search-terms.js';
import type { ExportQuery } from './dto/export.query.js';

/** @throws ApiError 400 that names the parameter. */
export function readExportSearch(query: ExportQuery, zone: Zone): SearchTerms {
  const { status, template_id, agent_id, client, client_id = client, route } = query;
  if (client !== undefined && client !== client_id) throw invalidField('client', 'is not the same as client_id');
  return { status, template_id, agent_id, client_id, route, ...readTimeRange(query.from, query.to, zone) };
}
