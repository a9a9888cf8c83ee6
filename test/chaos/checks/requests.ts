import { messageId } from '../../../src/common/ids.js';
import { textKey, type Ledger } from '../ledger.js';
import { isCommitted, type Facts } from './facts.js';

/** Every acknowledged request is whole, message by message; so is every other that says so of itself. */
export function checkRequests({ requests, messages }: Facts, ledger: Ledger, isRecovered: boolean): string[] {
  const wrong: string[] = [];
  for (const { id, texts, created, skipped } of ledger.requests.values()) {
    if (!isCommitted(requests.get(id))) wrong.push(`acknowledged ${id} is not there`);
    let duplicates = 0;
    texts.forEach((text, sequence) => {
      const message = messages.get(messageId(id, sequence));
      if (!message) return wrong.push(`acknowledged ${id} lacks message ${sequence}`);
      if (message.key !== textKey(text)) wrong.push(`message ${sequence} of ${id} has another text or number`);
      return (duplicates += message.isDuplicate ? 1 : 0);
    });
    if (duplicates !== skipped || texts.length - duplicates !== created)
      wrong.push(`${id} was answered ${created} created, ${skipped} skipped; ${duplicates} are duplicates`);
  }
  const counted = new Map<string, { rows: number; duplicates: number }>();
  for (const [id, { requestId, isDuplicate }] of messages) {
    if (!isCommitted(requests.get(requestId))) wrong.push(`${id} belongs to no request`);
    const count = counted.get(requestId) ?? { rows: 0, duplicates: 0 };
    count.rows++;
    if (isDuplicate) count.duplicates++;
    counted.set(requestId, count);
  }
  for (const request of requests.values()) {
    if (request.tombstone) continue;
    if (!request.expanded) {
      if (isRecovered) wrong.push(`${request._id} is still not expanded`);
      continue;
    }
    const { rows, duplicates } = counted.get(request._id) ?? { rows: 0, duplicates: 0 };
    if (rows !== request.total_created + request.total_skipped || duplicates !== request.total_skipped)
      wrong.push(`${request._id} says it is expanded and has ${rows} messages, ${duplicates} of them duplicates`);
    if (request.recipients) wrong.push(`${request._id} is expanded and still has its payload`);
  }
  return [...wrong, ...checkKeys(requests)];
}

/** One Idempotency-Key (the load writes it into the metadata, too) is one request. */
function checkKeys(requests: Facts['requests']): string[] {
  const seen = new Map<unknown, string>();
  const wrong: string[] = [];
  for (const request of requests.values()) {
    const key = request.tombstone ? undefined : request.metadata?.['key'];
    if (key === undefined) continue;
    if (seen.has(key)) wrong.push(`the key ${String(key)} made ${seen.get(key)} and ${request._id}`);
    seen.set(key, request._id);
  }
  return wrong;
}
