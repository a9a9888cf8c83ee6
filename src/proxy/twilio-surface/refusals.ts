import { ApiError, invalid } from '../../common/errors.js';
import { notAdded, notCreated } from '../../common/http/source-errors.js';

/** Null: there is no number at all. */
export const noNumberFor = (address: string | null): ApiError =>
  notAdded(`Not enough numbers available in pool${address ? ` for ${address}` : ''}`);

/** Participants are `addresses` here. */
export async function inOurWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'unique_name_taken') throw notCreated(error.message);
    if (error.status !== 400) throw error;
    throw invalid(
      error.details.map(({ field, message }) => ({
        field: field.replace(/^participants/, 'addresses').replace(/\.address$/, ''),
        message,
      })),
    );
  }
}
