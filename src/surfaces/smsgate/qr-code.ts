import { encode } from 'fast-png';
import { encodeQR } from 'qr';

/** Blank modules around the code, as scanners want them. */
const BORDER = 4;
const PIXELS = 8;

/** A data URL of a picture; black on white, since many scanners don't read the inverse. */
export function qrPng(text: string): string {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: BORDER });
  const width = modules.length * PIXELS;
  const data = new Uint8Array(width * width).fill(255);
  modules.forEach((row, y) =>
    row.forEach((isBlack, x) => {
      if (!isBlack) return;
      for (let line = 0; line < PIXELS; line++) {
        const start = (y * PIXELS + line) * width + x * PIXELS;
        data.fill(0, start, start + PIXELS);
      }
    }),
  );
  const png = encode({ width, height: width, data, channels: 1, depth: 8 });
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}

/** For a terminal: in its colours, or by half blocks alone, where light is what is written. */
export function qrText(text: string, coloured: boolean): string {
  return encodeQR(text, coloured ? 'term' : 'ascii', { ecc: 'low', border: BORDER / 2 });
}

export function qrSvg(text: string): string {
  return encodeQR(text, 'svg', { ecc: 'medium', border: BORDER });
}
