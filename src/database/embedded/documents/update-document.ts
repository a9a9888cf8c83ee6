import type { Condition, Scalar, Update, Where } from '../../query.js';
import { segmentsOf, type Segments } from './path.js';
import { getAt, setAt, unsetAt, UpdateError } from './path-write.js';
import { OPERATORS, REMOVE, type Operator } from './update-operators.js';

type Document = Record<string, unknown>;

export interface CompiledUpdate {
  /** Paths that the update may change in a document that exists. */
  readonly paths: readonly string[];
  /** Changes the document in place. When it throws, the document may be half changed and must not be used. */
  apply(doc: Document): void;
  /** The document that an upsert inserts: the filter's equalities, then every operator. */
  insertion(filter: Where): Document;
}

interface Step {
  path: string;
  segments: Segments;
  operator: Operator;
  operand: never;
  onInsertOnly: boolean;
}

export function compileUpdate(update: Update): CompiledUpdate {
  const steps: Step[] = [];
  for (const [name, operands] of Object.entries(update)) {
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (!operator) throw new UpdateError(`updates have no operator ${name}`);
    for (const [path, operand] of Object.entries(operands ?? {})) {
      const segments = segmentsOf(path);
      steps.push({ path, segments, operator, operand: operand as never, onInsertOnly: name === '$setOnInsert' });
    }
  }
  refuseConflicts(steps.map((step) => step.path));
  const always = steps.filter((step) => !step.onInsertOnly);
  return {
    paths: always.map((step) => step.path),
    apply: (doc) => applySteps(doc, always),
    insertion: (filter) => {
      const doc = equalities(filter);
      applySteps(doc, steps);
      return doc;
    },
  };
}

function applySteps(doc: Document, steps: readonly Step[]): void {
  const id = doc._id;
  for (const { path, segments, operator, operand } of steps) {
    const current = getAt(doc, segments);
    const next = operator(current, operand, path);
    if (next === REMOVE) unsetAt(doc, segments);
    else if (next !== current) setAt(doc, segments, next);
  }
  if (id !== undefined && doc._id !== id) throw new UpdateError("a document's _id can't be changed");
}

function equalities(filter: Where): Document {
  const doc: Document = {};
  for (const [path, condition] of Object.entries(filter)) {
    const value = equality(condition);
    if (value !== undefined) setAt(doc, segmentsOf(path), value);
  }
  return doc;
}

function equality(condition: Scalar | Condition): Scalar | undefined {
  if (typeof condition !== 'object' || condition === null || condition instanceof Date) return condition;
  return condition.$eq;
}

/** MongoDB refuses two changes of one field, and of a field together with its parent. */
function refuseConflicts(paths: readonly string[]): void {
  const sorted = [...paths].sort();
  for (let i = 1; i < sorted.length; i++) {
    const path = sorted[i]!;
    const clash = sorted.slice(0, i).find((other) => path === other || path.startsWith(`${other}.`));
    if (clash !== undefined) throw new UpdateError(`an update can't change both ${clash} and ${path}`);
  }
}
