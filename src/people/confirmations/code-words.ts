export type Language = 'en' | 'vi';

/** A text message is read by phones of every age, so it stays within the plain alphabet. */
export const CODE_TEXTS: Readonly<Record<Language, string>> = {
  en: '{org_name}: {code} is your code. It is valid for 10 minutes. Give it to nobody.',
  vi: '{org_name}: Ma xac nhan cua ban la {code}, co hieu luc trong 10 phut. Khong dua ma nay cho ai.',
};

export const CODE_MAILS: Readonly<Record<Language, { subject: string; text: string }>> = {
  en: {
    subject: '{org_name}: your code',
    text: '{code} is your code to confirm this e-mail address. It is valid for 10 minutes.\n\nIf you did not ask for it, there is nothing to do.\n',
  },
  vi: {
    subject: '{org_name}: mã xác nhận của bạn',
    text: '{code} là mã xác nhận địa chỉ e-mail này, có hiệu lực trong 10 phút.\n\nNếu bạn không yêu cầu, hãy bỏ qua thư này.\n',
  },
};

/** What somebody reads: their own choice, else what is spoken where the tenant's numbers are. */
export function languageOf(chosen: string | null, defaultPrefix: string): Language {
  const language = chosen ?? (defaultPrefix === '+84' ? 'vi' : 'en');
  return /^vi(-|$)/.test(language) ? 'vi' : 'en';
}

export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
