/** Text in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

/** The language of ours that an Accept-Language header likes best; the first one when it names none of them. */
export function languageFor<L extends string>(header: string | undefined, ours: readonly [L, ...L[]]): L {
  const liked = (header ?? '').split(',').flatMap((part) => {
    const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1);
    const language = ours.find((one) => tag === one || tag.startsWith(`${one}-`));
    return language && quality > 0 ? [{ language, quality }] : [];
  });
  return liked.sort((a, b) => b.quality - a.quality)[0]?.language ?? ours[0];
}
