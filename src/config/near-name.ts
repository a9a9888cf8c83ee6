/** Which of the names was probably meant: one that differs by a letter or two, or only by its case. */
export function nearName(name: string, names: readonly string[]): string | undefined {
  const typed = name.toUpperCase();
  const most = typed.length < 6 ? 1 : 2;
  const near = names.map((one) => ({ one, steps: distance(typed, one) })).filter(({ steps }) => steps <= most);
  return near.sort((a, b) => a.steps - b.steps)[0]?.one;
}

/** How many letters were typed wrongly, left out, added, or swapped with the next one. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_one, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        rows[i - 1]![j]! + 1,
        row[j - 1]! + 1,
        rows[i - 1]![j - 1]! + (isSame ? 0 : 1),
        ...(isSwapped ? [rows[i - 2]![j - 2]! + 1] : []),
      );
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
