/** One line of an answer, as JSON. The last one is `done` or `error`; an answer without either was cut off. */
export type ControlLine = { line: string } | { done: true } | { error: string };

/** Identifies the gateway that answers, because another program may have got its old port. */
export const PID_HEADER = 'x-trunkline-pid';
