import { expect } from '@jest/globals';
import type { Answer } from './api.js';

/** Checks the complete shape of an error, and that it names these fields (and no others, if any are given). */
export function expectError(answer: Answer, status: number, code: string, ...fields: string[]): void {
  expect(answer.body).toEqual({
    success: false,
    error: status,
    code,
    message: expect.stringMatching(/\S/),
    details: expect.any(Array),
    request_id: answer.headers.get('x-request-id'),
  });
  expect(answer.status).toBe(status);
  expect(answer.body.request_id).toMatch(/\S/);
  for (const detail of answer.body.details) {
    expect(detail).toEqual({ field: expect.any(String), message: expect.stringMatching(/\S/) });
  }
  if (fields.length > 0) {
    expect(answer.body.details.map((detail: { field: string }) => detail.field).sort()).toEqual([...fields].sort());
  }
}
