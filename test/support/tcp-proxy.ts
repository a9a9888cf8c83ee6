import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy between a gateway and its server, on loopback, that can block the traffic. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private isStalled = false;
  private hangsOn: RegExp | undefined;
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly target: { host: string; port: number }) {}

  async open(): Promise<number> {
    this.server = createServer((near) => this.join(near)).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.port = (this.server.address() as AddressInfo).port);
  }

  /** Connections stay open and new ones are accepted, but no more bytes are passed on. */
  stall(): void {
    this.isStalled = true;
    for (const socket of this.sockets) socket.pause();
  }

  resume(): void {
    this.isStalled = false;
    for (const socket of this.sockets) socket.resume();
  }

  /** Commands with these names never reach the server, so they get no answer; all others do. Null: all commands do. */
  hangOn(commands: readonly string[] | null): void {
    // The first field of a command's document is its name; before it come a type and one or two lengths.
    this.hangsOn = commands ? new RegExp(`^.{20,30}(${commands.join('|')})\\0`, 's') : undefined;
  }

  /** Closes all connections and refuses new ones. */
  async refuse(): Promise<void> {
    const closed = once(this.server!, 'close');
    this.server!.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private join(near: Socket): void {
    const far = connect(this.target.port, this.target.host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (bytes) => {
        if (!(from === near && this.hangsOn?.test(bytes.toString('latin1', 0, 64)))) to.write(bytes);
      });
      from.on('error', () => undefined);
      from.once('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.isStalled) from.pause();
    }
  }
}
