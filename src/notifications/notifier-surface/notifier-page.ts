import { escapeHtml as text } from '../../common/http/html.js';
import { field, htmlPage, type Language } from '../../common/http/page.js';
import { LONGEST_TEXT, LONGEST_TITLE, NOTIFY_PREFS } from './notifier-body.js';

const WORDS = {
  en: {
    title: 'My notifications',
    answer: 'Answer',
    preference: 'Preferences',
    by: 'Notify me by',
    email: 'E-mail address',
    phone: 'Phone number with country code, digits alone',
    save: 'Save',
    notify: 'Notify me',
    subject: 'Title (optional)',
    text: 'Text',
    sendtime: 'Time (optional), such as 2026-09-06T15:47:30+07:00',
    send: 'Send',
    logout: 'Log out',
  },
  vi: {
    title: 'Thông báo của tôi',
    answer: 'Kết quả',
    preference: 'Tuỳ chọn',
    by: 'Thông báo cho tôi qua',
    email: 'Địa chỉ email',
    phone: 'Số điện thoại kèm mã quốc gia, chỉ gồm chữ số',
    save: 'Lưu',
    notify: 'Gửi thông báo cho tôi',
    subject: 'Tiêu đề (không bắt buộc)',
    text: 'Nội dung',
    sendtime: 'Thời điểm (không bắt buộc), ví dụ 2026-09-06T15:47:30+07:00',
    send: 'Gửi',
    logout: 'Đăng xuất',
  },
};

interface Shown {
  username: string;
  notify_pref: string;
  email: string;
  phone: number | null;
}

/** What a program gets, and forms for what it may send. `root` stands before the links. */
export function notifierPage(language: Language, root: string, user: Shown, answer: unknown): string {
  const words = WORDS[language];
  const options = NOTIFY_PREFS.map(
    (pref) => `<option value="${pref}"${pref === user.notify_pref ? ' selected' : ''}>${pref}</option>`,
  );
  return htmlPage(
    language,
    words.title,
    `<form method="post" action="${root}logout"><p>${text(user.username)}</p><button type="submit">${text(words.logout)}</button></form>
<h2>${text(words.answer)}</h2>
<pre>${text(JSON.stringify(answer, null, 2))}</pre>
<h2 id="preference">${text(words.preference)}</h2>
<form method="post" action="${root}preference/" aria-labelledby="preference">
<label for="by">${text(words.by)}</label>
<select id="by" name="notify_pref">${options.join('')}</select>
${field('email', words.email, `name="email" type="text" autocomplete="email" maxlength="254" value="${text(user.email)}"`)}
${field('phone', words.phone, `name="phone" type="text" inputmode="numeric" autocomplete="tel" maxlength="20" value="${user.phone ?? ''}"`)}
<button type="submit">${text(words.save)}</button>
</form>
<h2 id="notify">${text(words.notify)}</h2>
<form method="post" action="${root}notify/" aria-labelledby="notify">
${field('title', words.subject, `name="title" type="text" maxlength="${LONGEST_TITLE}"`)}
<label for="text">${text(words.text)}</label>
<textarea id="text" name="text" rows="4" maxlength="${LONGEST_TEXT}" required></textarea>
${field('sendtime', words.sendtime, 'name="sendtime" type="text" maxlength="40"')}
<button type="submit">${text(words.send)}</button>
</form>`,
  );
}
