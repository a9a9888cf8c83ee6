/** What a person asks for by one word: no more texts, texts again, or help. */
export const KEYWORDS = ['stop', 'start', 'help'] as const;
export type Keyword = (typeof KEYWORDS)[number];
/** Words of a tenant, on top of ours. */
export type OwnWords = { readonly [K in Keyword]?: readonly string[] | undefined };

/** In which language a word was sent; the language of a tenant's own words is the tenant's. */
export const WORD_LANGUAGES = ['en', 'vi'] as const;
export type WordLanguage = (typeof WORD_LANGUAGES)[number];

export interface ReadWord {
  keyword: Keyword;
  /** As it stands in the list. */
  word: string;
  /** Null: a word of the tenant's own. */
  language: WordLanguage | null;
}

/**
 * English: what the carriers take. Vietnamese: what texts there tell people to answer. Left out are words that are ordinary answers to an
 * ordinary text: `huỷ` alone cancels an appointment (and Huy is a name), `dk` is short for "fine", `giúp` and `có` for many things. With
 * what is cancelled (`huỷ đăng ký`) they are here; a tenant whose texts ask for the bare word adds it.
 */
// prettier-ignore
const WORDS: Readonly<Record<WordLanguage, Readonly<Record<Keyword, readonly string[]>>>> = {
  en: {
    stop: ['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout', 'opt out', 'opt-out'],
    start: ['start', 'yes', 'unstop'],
    help: ['help', 'info'],
  },
  vi: {
    stop: [
      'dừng', 'dừng lại', 'dừng nhận', 'dừng nhận tin', 'ngừng', 'ngừng nhận', 'ngừng nhận tin', 'ngưng', 'ngưng nhận tin',
      'từ chối', 'từ chối qc', 'tc', 'tc qc', 'huỷ đăng ký', 'hủy đăng ký', 'huỷ nhận tin', 'hủy nhận tin',
    ],
    start: ['bắt đầu', 'bắt đầu lại', 'đăng ký', 'đăng ký lại', 'nhận tin', 'nhận lại', 'đồng ý'],
    help: ['trợ giúp', 'hướng dẫn', 'hd'],
  },
};

interface Entry extends ReadWord {
  /** Letter by letter, each with its accents. */
  letters: readonly string[];
  isAccented: boolean;
}

const OURS = indexed(
  WORD_LANGUAGES.flatMap((language) =>
    KEYWORDS.flatMap((keyword) => WORDS[language][keyword].map((word) => entry(keyword, word, language))),
  ),
);
/** No word of a list is longer than a tenant may make it. */
export const LONGEST_WORD = 40;

/**
 * The word that a text consists of, and of nothing else; upper or lower case, in quotes or with a full stop. Accents may be left out, as
 * people do, but they can't be another word's: `DUNG` and `dừng` say stop, `đúng` says "that's right" and `Dũng` is a name. A word of the
 * list without accents is meant with any. The tenant's own words come first, so that it can give a word another sense.
 */
export function readWord(text: string, own: OwnWords = {}): ReadWord | null {
  // Nothing that long is one word; a text is up to 10,000 characters.
  if (text.length > 4 * LONGEST_WORD) return null;
  const letters = lettersOf(text);
  if (letters.length === 0) return null;
  const plain = plainOf(letters);
  const found = ownEntries(own).find((one) => plainOf(one.letters) === plain && agrees(letters, one));
  const known = found ?? OURS.get(plain)?.find((one) => agrees(letters, one));
  return known ? { keyword: known.keyword, word: known.word, language: known.language } : null;
}

function ownEntries(own: OwnWords): Entry[] {
  return KEYWORDS.flatMap((keyword) => (own[keyword] ?? []).map((word) => entry(keyword, word, null)));
}

function entry(keyword: Keyword, word: string, language: WordLanguage | null): Entry {
  const letters = lettersOf(word);
  return { keyword, word, language, letters, isAccented: letters.some((letter) => letter.length > 1) };
}

function indexed(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const byText = new Map<string, Entry[]>();
  for (const one of entries) {
    const plain = plainOf(one.letters);
    byText.set(plain, [...(byText.get(plain) ?? []), one]);
  }
  return byText;
}

/** Every letter with its accents as code points of their own (a `đ` is a `d` with a stroke), blanks as one, and nothing around them. */
function lettersOf(text: string): string[] {
  const bare = text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll('đ', 'd\u0335')
    .replaceAll(/\p{Cf}/gu, '');
  const inner = bare.replace(/^[^\p{L}\p{N}]+/u, '').replace(/[^\p{L}\p{N}\p{M}]+$/u, '');
  return inner.replaceAll(/\s+/gu, ' ').match(/\P{M}\p{M}*/gu) ?? [];
}

function plainOf(letters: readonly string[]): string {
  return letters.map((letter) => String.fromCodePoint(letter.codePointAt(0)!)).join('');
}

/** No letter of the text has an accent that the word's letter lacks. */
function agrees(text: readonly string[], { letters, isAccented }: Entry): boolean {
  if (!isAccented) return true;
  return text.every((letter, i) => [...letter].slice(1).every((accent) => letters[i]!.includes(accent)));
}
