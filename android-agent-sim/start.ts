import { run } from './cli.js';

const asked = new AbortController();
const stop = () => {
  if (asked.signal.aborted) process.exit(130);
  asked.abort();
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
// The reader has closed the pipe, as in `agent-sim --json | head`.
process.stdout.on('error', stop);

process.exitCode = await run(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  environment: process.env,
  signal: asked.signal,
});
