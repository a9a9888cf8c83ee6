import { Injectable } from '@nestjs/common';

/** One encrypted field of one document. */
export interface SealedValue {
  id: string;
  /** The path of the field. */
  field: string;
  sealed: string;
}

/** The encrypted fields of a collection. Its owner registers them, so that they can be encrypted with another key. */
export interface SealedFields {
  /** As people call them: `registration secrets`. */
  name: string;
  /** All of them, in pages. */
  read(): AsyncIterable<readonly SealedValue[]>;
  /** Writes the new text if the field still holds the old one; returns false when it was changed meanwhile. */
  replace(old: SealedValue, sealed: string): Promise<boolean>;
}

/** The registry of what is encrypted at rest. `test/house/sealed-values` checks that every folder that encrypts registers here. */
@Injectable()
export class SealedValues {
  private readonly known: SealedFields[] = [];

  register(fields: SealedFields): void {
    this.known.push(fields);
  }

  get all(): readonly SealedFields[] {
    return this.known;
  }
}
