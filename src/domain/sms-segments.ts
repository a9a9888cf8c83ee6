/** Character sets and sizes of 3GPP TS 23.038 (GSM 7 bit default alphabet and its extension table) and TS 23.040 (concatenation). */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION = '\f^{}\\[~]|€';

const SEPTETS = new Map<string, number>([
  ...[...BASIC].map((c) => [c, 1] as const),
  ...[...EXTENSION].map((c) => [c, 2] as const),
]);

export type Encoding = 'GSM-7' | 'UCS-2';
export interface SegmentCount {
  encoding: Encoding;
  /** Parts the carrier bills; an empty text is one. */
  segments: number;
  /** Septets for GSM-7, UTF-16 code units for UCS-2. */
  units: number;
}

/** Whether a character is in the default alphabet or its extension. */
export function isGsm7Character(character: string): boolean {
  return SEPTETS.has(character);
}

/** How a text travels. A two-unit character is never split over two parts, so a part may end one unit short. */
export function countSegments(text: string): SegmentCount {
  const gsm = gsmWidths(text);
  return gsm
    ? { encoding: 'GSM-7', ...pack(gsm, 160, 153) }
    : {
        encoding: 'UCS-2',
        ...pack(
          Array.from(text, (character) => character.length),
          70,
          67,
        ),
      };
}

function gsmWidths(text: string): number[] | null {
  const widths: number[] = [];
  for (const character of text) {
    const width = SEPTETS.get(character);
    if (width === undefined) return null;
    widths.push(width);
  }
  return widths;
}

function pack(widths: readonly number[], single: number, part: number): { segments: number; units: number } {
  const units = widths.reduce((sum, width) => sum + width, 0);
  if (units <= single) return { segments: 1, units };
  let segments = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > part) {
      segments++;
      used = 0;
    }
    used += width;
  }
  return { segments, units };
}
