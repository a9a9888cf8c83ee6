import { connect } from 'node:net';

const LINE = '\nmsg_';

export interface Downloaded {
  lines: number;
  bytes: number;
  /** Time until the first byte of the answer. */
  firstByteMillis: number;
}

/** Reads a long answer to its end and discards it. @throws Error when it isn't a 200 or ends too early. */
export function download(port: number, path: string, headers: Readonly<Record<string, string>>): Promise<Downloaded> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const done: Downloaded = { lines: 0, bytes: 0, firstByteMillis: 0 };
    const begun = performance.now();
    let end: Buffer = Buffer.alloc(0);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n${lines.join('')}\r\n`);
    socket.on('data', (chunk: Buffer) => {
      if (done.bytes === 0) {
        done.firstByteMillis = performance.now() - begun;
        if (!chunk.toString('latin1').startsWith('HTTP/1.1 200'))
          socket.destroy(new Error(chunk.toString('utf8', 0, 500)));
      }
      done.bytes += chunk.length;
      const text = Buffer.concat([end, chunk]);
      // Every line begins with the id of a message; one that begins before this chunk's first byte is counted with it.
      for (let at = text.indexOf(LINE, end.length && 1); at !== -1; at = text.indexOf(LINE, at + LINE.length))
        done.lines++;
      end = text.subarray(-LINE.length);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (end.toString('latin1') === '0\r\n\r\n') resolve(done);
      else reject(new Error('the file was cut off'));
    });
  });
}
