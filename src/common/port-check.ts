import { once } from 'node:events';
import { createServer } from 'node:net';

/** @throws what a server that listens there would throw, such as EADDRINUSE. */
export async function checkPort(port: number, host: string): Promise<void> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
