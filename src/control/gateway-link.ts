import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { readControlFile, type ControlAddress } from './control-file.js';
import { PID_HEADER, type ControlLine } from './wire.js';

/** A command's end of the control channel. */
export class GatewayLink {
  private constructor(private readonly address: ControlAddress) {}

  /** The running gateway that owns the folder; undefined when none takes commands (the file may be left from a gateway that died). */
  static async find(dir: string): Promise<GatewayLink | undefined> {
    const address = readControlFile(dir);
    if (!address) return undefined;
    const link = new GatewayLink(address);
    try {
      await link.call('ping');
      return link;
    } catch {
      return undefined;
    }
  }

  /**
   * Resolves when the action is done; passes on its lines one by one.
   * @throws Error with the action's own message, or when the gateway ended before the action did.
   */
  async call(name: string, args: readonly string[] = [], onLine: (line: string) => void = () => {}): Promise<void> {
    const answer = await this.#send(name, args);
    if (answer.statusCode === 404)
      throw new Error(
        `The running gateway does not know the command ${name}: it runs another version. Restart it, then try again.`,
      );
    if (answer.statusCode !== 200 || answer.headers[PID_HEADER] !== String(this.address.pid))
      throw new Error('The process that answers is not the gateway of this folder.');
    for await (const line of linesOf(answer)) {
      if ('line' in line) onLine(line.line);
      else if ('error' in line) throw new Error(line.error);
      else return;
    }
    throw new Error('The gateway ended before it had finished.');
  }

  /** Plain node:http, because `fetch` gives up on an answer that is silent for five minutes. */
  async #send(name: string, args: readonly string[]): Promise<IncomingMessage> {
    const { port, token } = this.address;
    const call = request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: `/${name}`,
      headers: { authorization: `Bearer ${token}` },
      agent: false,
    });
    call.end(JSON.stringify({ args }));
    const [answer] = (await once(call, 'response').catch(() => {
      throw new Error('The running gateway no longer answers.');
    })) as [IncomingMessage];
    call.on('error', () => undefined);
    return answer;
  }
}

/** Ends when the gateway ends. (node:readline would wait for more for ever.) */
async function* linesOf(answer: IncomingMessage): AsyncGenerator<ControlLine> {
  let rest = '';
  try {
    for await (const chunk of answer.setEncoding('utf8')) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop()!;
      for (const line of lines) yield JSON.parse(line) as ControlLine;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
  }
}
