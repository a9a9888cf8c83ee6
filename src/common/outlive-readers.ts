/** The work goes on when who read its output has gone, as in `npm start | head`: without a listener, the failed write ends the process. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
