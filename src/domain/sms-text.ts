import { toGsm7, type TextEncoding } from './gsm7.js';
import { renderTemplate, type Variables } from './template.js';

export interface TextRule {
  /** A template, or a text that is sent as it is. */
  content: string;
  isTemplate: boolean;
  encoding: TextEncoding;
}

/** The text that is sent: filled in and, where that was asked for, transliterated. The same rule and variables give the same text. */
export function composeText(rule: TextRule, variables: Variables): { text: string } | { missing: string } {
  const rendered = rule.isTemplate ? renderTemplate(rule.content, variables) : { text: rule.content };
  return 'missing' in rendered ? rendered : { text: encodedText(rendered.text, rule.encoding) };
}

/** A text in the characters that were asked for. */
export function encodedText(text: string, encoding: TextEncoding): string {
  return encoding === 'gsm7' ? toGsm7(text) : text;
}
