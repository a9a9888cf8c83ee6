import { isEmail } from 'class-validator';

/** As it is kept, the domain in lower case; null when it is no e-mail address. */
export function readEmail(typed: string): string | null {
  const email = typed.trim().normalize('NFC');
  if (!isEmail(email)) return null;
  const at = email.lastIndexOf('@');
  return email.slice(0, at) + email.slice(at).toLowerCase();
}
