const PLACEHOLDER = /\{([A-Z0-9_]+)\}/g;

export type Variables = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The names between braces, sorted and unique. `{code}` in lower case is literal text. */
export function templateVariables(content: string): string[] {
  return [...new Set([...content.matchAll(PLACEHOLDER)].map((match) => match[1]!))].sort();
}

/**
 * Fills the placeholders. A variable that is absent or null is missing; ones that the template doesn't name are ignored. A value
 * is inserted as it is: braces inside it are not placeholders.
 */
export function renderTemplate(content: string, variables: Variables): { text: string } | { missing: string } {
  let missing: string | undefined;
  const text = content.replace(PLACEHOLDER, (_, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === null || value === undefined) {
      missing ??= name;
      return '';
    }
    return String(value);
  });
  return missing === undefined ? { text } : { missing };
}
