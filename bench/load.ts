import { Connection, type Answer } from './connection.js';

/** Some connections to one server, for loads that are bounded in number. */
export class Load {
  private constructor(private readonly connections: readonly Connection[]) {}

  static async open(port: number, connections: number): Promise<Load> {
    return new Load(await Promise.all(Array.from({ length: connections }, () => Connection.open(port))));
  }

  get size(): number {
    return this.connections.length;
  }

  /** Sends every request once, each connection the next one as soon as it is free; answers how long each took, in ms. */
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
    await Promise.all(this.connections.map(work));
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

function text({ body }: Answer): string {
  return body.toString('utf8', 0, 500);
}
