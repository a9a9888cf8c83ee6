import { field, htmlPage, type Language } from '../common/http/page.js';
import { escapeHtml as text } from '../common/http/html.js';

const WORDS = {
  en: {
    title: 'Log in',
    username: 'User name',
    password: 'Password',
    submit: 'Log in',
    wrong: 'The user name or the password is wrong.',
    tooMany: 'Too many failed logins from here. Wait and try again.',
  },
  vi: {
    title: 'Đăng nhập',
    username: 'Tên đăng nhập',
    password: 'Mật khẩu',
    submit: 'Đăng nhập',
    wrong: 'Sai tên đăng nhập hoặc mật khẩu.',
    tooMany: 'Đăng nhập sai quá nhiều lần. Hãy đợi rồi thử lại.',
  },
};

export function loginPage(language: Language, problem?: 'wrong' | 'tooMany'): string {
  const words = WORDS[language];
  return htmlPage(
    language,
    words.title,
    `${problem ? `<p role="alert">${text(words[problem])}</p>\n` : ''}<form method="post">
${field('username', words.username, 'name="username" type="text" autocomplete="username" maxlength="200" required')}
${field('password', words.password, 'name="password" type="password" autocomplete="current-password" maxlength="1000" required')}
<button type="submit">${text(words.submit)}</button>
</form>`,
  );
}
