import { ConfigError } from '../config/load-config.js';

type SystemError = NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string };

/** Prints why a program can't start and what to do, and ends it. Exit codes: 78 for an invalid configuration, 1 for anything else. */
export function exitWith(error: unknown): never {
  const isConfig = error instanceof ConfigError;
  const message = listenWords(error as SystemError) ?? String((error as Error | undefined)?.message ?? error);
  process.stderr.write(isConfig ? `${message}\n` : `Trunkline could not start: ${message}\n`);
  process.exit(isConfig ? 78 : 1);
}

function listenWords({ code, syscall, address, port, hostname }: SystemError): string | undefined {
  if (syscall === 'getaddrinfo') return `no address is known for HOST=${hostname}. Set HOST to 127.0.0.1 or 0.0.0.0.`;
  if (syscall !== 'listen') return undefined;
  if (code === 'EADDRINUSE')
    return `another program uses the port ${port} of ${address}. Stop that program, or set PORT to another port.`;
  if (code === 'EADDRNOTAVAIL')
    return `this machine does not have the address ${address}. Set HOST to 127.0.0.1, to 0.0.0.0, or to an address of this machine.`;
  if (code === 'EACCES')
    return `this user may not listen on the port ${port}. Set PORT to 1024 or more, and put a proxy in front of it.`;
  return undefined;
}
