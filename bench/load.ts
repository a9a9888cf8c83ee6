import { Connection, type Answer } from './connection.js';

/** Several connections to one server, for a load with a fixed number of requests. */
export class Load {
  private constructor(private readonly connections: readonly Connection[]) {}

  static async open(port: number, connections: number): Promise<Load> {
    return new Load(await Promise.all(Array.from({ length: connections }, () => Connection.open(port))));
  }

  get size(): number {
    return this.connections.length;
  }

  /** Sends every request once; a free connection sends the next one at once. Returns how long each took, in ms. */
  async send(
    requests: readonly Buffer[],
    expected: number,
    look: (answer: Answer, index: number) => void = () => undefined,
  ): Promise<number[]> {
    const millis = new Array<number>(requests.length);
    let next = 0;
    const work = async (connection: Connection): Promise<void> => {
      for (let index = next++; index < requests.length; index = next++) {
        const begun = performance.now();
        const answer = await connection.send(requests[index]!);
        millis[index] = performance.now() - begun;
        if (answer.status !== expected) throw new Error(`${answer.status} instead of ${expected}: ${text(answer)}`);
        look(answer, index);
      }
    };
    const rest = this.connections.length > 1 ? stayAwake() : () => undefined;
    try {
      await Promise.all(this.connections.map(work));
    } finally {
      rest();
    }
    return millis;
  }

  /** One request and its JSON. */
  async ask<T>(request: Buffer, expected = 200): Promise<T> {
    const answer = await this.connections[0]!.send(request);
    if (answer.status !== expected) throw new Error(`${answer.status} instead of ${expected}: ${text(answer)}`);
    return JSON.parse(answer.body.toString()) as T;
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }
}

/**
 * Keeps this process awake while many connections work. A server that writes to a sleeping process pays for waking it (up to 10 us on a
 * virtual machine); a fast server keeps the process busy and doesn't pay, so the slower server would look slower than it is.
 */
function stayAwake(): () => void {
  let awake = true;
  const turn = (): void => void (awake && setImmediate(turn));
  turn();
  return () => (awake = false);
}

function text({ body }: Answer): string {
  return body.toString('utf8', 0, 500);
}
