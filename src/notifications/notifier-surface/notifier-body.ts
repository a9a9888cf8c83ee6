import type { ApiError } from '../../common/errors.js';
import { WordedError } from '../../common/http/source-errors.js';
import type { Preference } from '../../domain/preference.js';
import { readChoice, readEmail, readPhone, readText, readTime } from './field-readers.js';
import { fieldsOf, fieldsOfForm, readFields } from './reading.js';

/** The source system's two ways, ours beside them, and none. */
export const NOTIFY_PREFS = ['email', 'sms', 'push', 'None'] as const;
export type NotifyPref = (typeof NOTIFY_PREFS)[number];

export const LONGEST_TITLE = 254;
export const LONGEST_TEXT = 10_000;

interface PreferenceFields {
  notify_pref: NotifyPref;
  email: string | null;
  phone: string | null;
}
interface NotifyFields {
  title: string;
  text: string;
  sendtime: Date;
}
export type Wanted = Partial<PreferenceFields>;
export type Notice = Partial<NotifyFields> & Pick<NotifyFields, 'text'>;

/** @throws WordedError 400 */
export function readWanted(body: unknown, isForm: boolean): Wanted {
  return readFields<PreferenceFields>(isForm ? fieldsOfForm(body, ['email', 'phone']) : fieldsOf(body), {
    notify_pref: (value) => readChoice(value, NOTIFY_PREFS),
    email: readEmail,
    phone: readPhone,
  });
}

/** @throws WordedError 400 */
export function readNotice(body: unknown, isForm: boolean): Notice {
  return readFields<NotifyFields>(
    isForm ? fieldsOfForm(body, ['text']) : fieldsOf(body),
    {
      title: (value) => readText(value, LONGEST_TITLE),
      text: (value) => readText(value, LONGEST_TEXT),
      sendtime: readTime,
    },
    ['text'],
  ) as Notice;
}

/** What the schemas of these bodies find wrong is told by their readers. */
export const wantedUsage = usageBy(readWanted);
export const noticeUsage = usageBy(readNotice);

function usageBy(read: (body: unknown, isForm: boolean) => unknown) {
  return (mistakes: ApiError, body: unknown): ApiError => {
    try {
      read(body, false);
    } catch (error) {
      if (error instanceof WordedError) return error;
    }
    return new WordedError(400, Object.fromEntries(mistakes.details.map(({ field, message }) => [field, [message]])));
  };
}

export function preferenceOf(pref: NotifyPref): Preference {
  return pref === 'None' ? 'none' : pref;
}
export function prefOf(preference: Preference): NotifyPref {
  return preference === 'none' ? 'None' : preference;
}
