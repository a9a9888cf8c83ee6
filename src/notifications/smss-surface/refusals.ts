import type { ApiError } from '../../common/errors.js';
import { WordedError } from '../../common/http/source-errors.js';

const refused = (message: string): ApiError => new WordedError(400, { success: false, error: 400, message });

export const invalidContact = (contact: string) => refused(`Invalid contact: ${contact}`);
export const textTooLong = (length: number, most: number) =>
  refused(`Text exceeds MAX_TEXT_LENGTH: ${length} characters, ${most} at most`);

/** What is wrong with a body the source system told in one of these sentences. */
export function usage(_mistakes: ApiError, body: unknown): ApiError {
  return isEmpty(body)
    ? refused('Method cannot have empty JSON body')
    : refused('Passed JSON body format is incorrect');
}

export function tokensUsage(mistakes: ApiError, body: unknown): ApiError {
  const { tokens, title, body: text } = Object(body) as Record<string, unknown>;
  const isNoList = tokens !== undefined && isEmpty(tokens) && title !== undefined && text !== undefined;
  return isNoList ? refused('Tokens list cannot be empty / nulled list') : usage(mistakes, body);
}

/** What Python counts as nothing. */
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value;
}
