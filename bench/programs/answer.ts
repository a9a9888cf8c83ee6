interface Question {
  id: number;
  what: string;
  args: never;
}

/** The child's side of child.ts: answers questions over IPC. */
export function answer(handlers: Readonly<Record<string, (args: never) => unknown>>): void {
  // The child ends when the benchmark ends.
  process.on('disconnect', () => process.exit());
  const all: typeof handlers = { cpuSeconds, memory: () => process.memoryUsage.rss(), ...handlers };
  process.on('message', ({ id, what, args }: Question) => {
    void Promise.resolve()
      .then(() => all[what]!(args))
      .then(
        (value) => process.send!({ id, value }),
        (error: unknown) => process.send!({ id, error: String((error as Error).stack ?? error) }),
      );
  });
}

/** Of all threads. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
