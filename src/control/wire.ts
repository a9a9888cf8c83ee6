/** One line of an answer, as JSON. The last one is `done` or `error`; an answer without either was broken off. */
export type ControlLine = { line: string } | { done: true } | { error: string };

/** Says which gateway answers, so that whatever else got its old port isn't taken for it. */
export const PID_HEADER = 'x-trunkline-pid';
