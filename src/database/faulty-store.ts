import type { Store } from './collection.js';
import { WRITES, wrapStore, type Call, type Write } from './wrapped-store.js';

interface Fault {
  when: 'before' | 'inside' | 'after';
  collection: string;
  write: Write;
  field: string | undefined;
  value: string | undefined;
  times: number;
}

const FAULT = /^(before|inside|after):(\w+)\.(\w+)(?:\(([\w.]+)(?:=([^)]*))?\))?(?::([1-9]\d*))?$/;

/** Returns the store itself unless `FAULT` is set, which the configuration allows only in tests; `list` prints the possible places. */
export function withFault(store: Store, fault: string | undefined): Store {
  if (fault === undefined) return store;
  return fault === 'list' ? listFaults(store, tellTests) : faultyStore(store, fault);
}

/**
 * For tests: a store that kills the process at a write. `after:sms_requests.insertOne:3` is right after the third request was committed.
 * The place is `before`, `after`, or `inside` a write of several documents; `inside` makes half of them. `(field)` or `(field=value)`
 * after the name counts only writes with that field: `after:sms_messages.findEachAndUpdate(status=ASSIGNED)`. A write that changes
 * nothing (a lost compare-and-set) doesn't count for `after`.
 * @throws Error when `name` doesn't have this form.
 */
export function faultyStore(store: Store, name: string, die: () => void = killProcess): Store {
  const fault = parseFault(name);
  let left = fault.times;
  return wrapStore(store, async (call, run) => {
    if (!isAt(fault, call)) return run(...call.args);
    if (fault.when === 'inside') {
      const [batch, ...rest] = call.args;
      if (!isBatch(batch) || --left !== 0) return run(...call.args);
      await run(batch.slice(0, Math.ceil(batch.length / 2)), ...rest);
      die();
    }
    if (fault.when === 'before' && --left === 0) die();
    const result = await run(...call.args);
    if (fault.when === 'after' && hasChanged(call, result) && --left === 0) die();
    return result;
  });
}

/** Prints once each place of a write where `faultyStore` could kill the process. */
export function listFaults(store: Store, tell: (name: string) => void): Store {
  const told = new Set<string>();
  return wrapStore(store, async (call, run) => {
    const result = await run(...call.args);
    if (!isWrite(call.operation) || !hasChanged(call, result)) return result;
    for (const when of isBatch(call.args[0]) ? ['after', 'inside'] : ['after']) {
      const name = `${when}:${call.collection}.${call.operation}`;
      if (!told.has(name)) tell(name);
      told.add(name);
    }
    return result;
  });
}

/** @throws Error that shows the form. */
export function parseFault(name: string): Fault {
  const [, when, collection, write, field, value, times = '1'] = FAULT.exec(name) ?? [];
  if (!when || !collection || !write || !isWrite(write)) {
    throw new Error(
      `FAULT must be before, inside or after a write, such as after:sms_requests.insertOne:3, not ${name}. Writes: ${WRITES.join(', ')}`,
    );
  }
  return { when: when as Fault['when'], collection, write, field, value, times: Number(times) };
}

function isAt({ collection, write, field, value }: Fault, call: Call): boolean {
  if (call.collection !== collection || call.operation !== write) return false;
  return (
    field === undefined ||
    written(call).some((part) =>
      Object.entries(part).some(
        ([path, set]) => `${path}.`.startsWith(`${field}.`) && (value === undefined || String(set) === value),
      ),
    )
  );
}

/** The fields of the write: of its documents, of each update operator, or of the filter of a deletion. */
function written({ operation, args: [first, second] }: Call): object[] {
  if (operation === 'insertMany') return first as object[];
  if (operation === 'updateEach' || operation === 'findEachAndUpdate')
    return (first as { update: object }[]).flatMap(({ update }) => operands(update));
  return operation.startsWith('insert') || operation.startsWith('delete')
    ? [first as object]
    : operands(second as object);
}

function operands(update: object): object[] {
  return Object.values(update).filter((named): named is object => named !== undefined);
}

function hasChanged({ operation, args }: Call, result: unknown): boolean {
  if (operation === 'insertOne') return true;
  if (operation === 'findOneAndUpdate') return result !== null;
  if (operation === 'findEachAndUpdate') return (result as unknown[]).some((found) => found !== null);
  const { duplicates, matched, upserted, deleted } = result as Record<string, unknown>;
  if (operation === 'insertMany') return (duplicates as number[]).length < (args[0] as unknown[]).length;
  if (operation === 'updateEach') return (matched as boolean[]).includes(true);
  return Number(matched ?? deleted) > 0 || upserted === true;
}

function isBatch(argument: unknown): argument is unknown[] {
  return Array.isArray(argument) && argument.length > 1;
}

function isWrite(operation: string): operation is Write {
  return (WRITES as readonly string[]).includes(operation);
}

function tellTests(name: string): void {
  process.stderr.write(`fault point ${name}\n`);
}

function killProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}
