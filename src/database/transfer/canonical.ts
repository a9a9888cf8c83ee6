import { createHash } from 'node:crypto';

/**
 * Returns the same text for the same document from either store: fields in the order of their names, dates distinct from texts and
 * numbers, null distinct from missing. Half a surrogate pair, which BSON can't hold, counts as U+FFFD, which MongoDB stores for it.
 */
export function canonicalText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(wellFormed(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (value instanceof Date) return `date(${value.getTime()})`;
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) => `${JSON.stringify(wellFormed(name))}:${canonicalText(field)}`);
  return `{${fields.sort().join(',')}}`;
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\u{fffd}');
}

const MODULUS = 1n << 128n;

/** The sum of the documents' hashes: the order doesn't matter, and a document that occurs twice counts twice. */
export class Checksum {
  #sum = 0n;
  documents = 0;

  add(document: unknown): void {
    const hash = createHash('sha256').update(canonicalText(document)).digest('hex').slice(0, 32);
    this.#sum = (this.#sum + BigInt(`0x${hash}`)) % MODULUS;
    this.documents++;
  }

  get hex(): string {
    return this.#sum.toString(16).padStart(32, '0');
  }
}
