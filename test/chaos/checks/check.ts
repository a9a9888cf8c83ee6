import type { Store } from '../../../src/database/collection.js';
import type { Ledger } from '../ledger.js';
import { checkCounters } from './counters.js';
import { readFacts } from './facts.js';
import { checkMessage } from './messages.js';
import { ReportsCheck } from './reports.js';
import { checkRequests } from './requests.js';
import { checkTexts } from './texts.js';

export interface Finding {
  wrong: string[];
  requests: number;
  messages: number;
}

/**
 * Holds the rows of a store against the invariants of acceptance, leasing and reports, and against what was answered. `isRecovered`: a gateway
 * has started since the last crash and was stopped in peace, so nothing may be half done.
 */
export async function check(store: Store, ledger: Ledger, isRecovered: boolean): Promise<Finding> {
  const wrong = [...ledger.complaints];
  const unseen = new Set(ledger.reported.keys());
  const reports = new ReportsCheck();
  const facts = await readFacts(store, (message) => {
    unseen.delete(message._id);
    reports.add(message);
    wrong.push(...checkMessage(message, ledger));
  });
  for (const id of unseen) wrong.push(`${id} was reported and is not there`);
  for (const [id, count] of ledger.sendings)
    if (count > 1) wrong.push(`honest phones gave ${id} to the radio ${count} times`);
  wrong.push(
    ...checkRequests(facts, ledger, isRecovered),
    ...checkTexts(facts, ledger),
    ...checkCounters(facts, ledger, isRecovered),
    ...(await reports.wrong(store)),
  );
  return { wrong, requests: facts.requests.size, messages: facts.messages.size };
}
