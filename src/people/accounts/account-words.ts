import type { Language } from '../../common/http/page.js';

interface Mail {
  subject: string;
  text: string;
}

export interface AccountMails {
  /** With `{link}` where there is an address of ours; the code does without. */
  register: Mail;
  openLink: string;
  reset: Mail;
  withoutLink: string;
  changed: Mail;
}

export const ACCOUNT_MAILS: Readonly<Record<Language, AccountMails>> = {
  en: {
    register: {
      subject: '{org_name}: confirm your account',
      text: 'Somebody, probably you, wants an account with the name {username} at {org_name}, with this e-mail address.\n\n{open}Your code: {code}\n\nBoth are valid for an hour. If it was not you, there is nothing to do, and there will be no account.\n',
    },
    openLink: 'Open this page:\n{link}\n\n',
    reset: {
      subject: '{org_name}: a new password',
      text: 'Somebody, probably you, has asked for a new password for the account {username} at {org_name}.\n\n{open}It is valid for an hour. If it was not you, there is nothing to do: the password stays as it is.\n',
    },
    withoutLink: 'Your token for it: {token}\n\n',
    changed: {
      subject: '{org_name}: your password was changed',
      text: 'The password of the account {username} at {org_name} was changed, and everybody who was logged in with it is logged out.\n\nIf it was not you, tell {org_name} at once.\n',
    },
  },
  vi: {
    register: {
      subject: '{org_name}: xác nhận tài khoản',
      text: 'Có người, có lẽ là bạn, muốn mở tài khoản {username} tại {org_name} với địa chỉ e-mail này.\n\n{open}Mã của bạn: {code}\n\nCả hai có hiệu lực trong một giờ. Nếu không phải bạn, hãy bỏ qua thư này và sẽ không có tài khoản nào được mở.\n',
    },
    openLink: 'Mở trang này:\n{link}\n\n',
    reset: {
      subject: '{org_name}: mật khẩu mới',
      text: 'Có người, có lẽ là bạn, yêu cầu mật khẩu mới cho tài khoản {username} tại {org_name}.\n\n{open}Có hiệu lực trong một giờ. Nếu không phải bạn, hãy bỏ qua thư này: mật khẩu vẫn giữ nguyên.\n',
    },
    withoutLink: 'Mã thông báo của bạn: {token}\n\n',
    changed: {
      subject: '{org_name}: mật khẩu của bạn đã được thay đổi',
      text: 'Mật khẩu của tài khoản {username} tại {org_name} đã được thay đổi, và mọi phiên đăng nhập đã kết thúc.\n\nNếu không phải bạn, hãy báo ngay cho {org_name}.\n',
    },
  },
};

export const ACCOUNT_PAGES: Readonly<Record<Language, PageWords>> = {
  en: {
    confirmTitle: 'Confirm your account',
    confirmQuestion: 'Do you want an account with the name {username}?',
    confirm: 'Confirm',
    confirmed: 'Your account {username} is there. You can log in now.',
    taken: 'Somebody else has the name {username} meanwhile. Register again with another one.',
    passwordTitle: 'A new password',
    passwordFor: 'For the account {username}. It must have 12 characters or more, and 72 bytes at most.',
    password: 'New password',
    set: 'Set the password',
    wrongLength: 'This password is too short or too long.',
    passwordSet: 'The password is set. You can log in with it now.',
    over: 'This link is not valid any more. Ask for a new one.',
  },
  vi: {
    confirmTitle: 'Xác nhận tài khoản',
    confirmQuestion: 'Bạn có muốn mở tài khoản {username} không?',
    confirm: 'Xác nhận',
    confirmed: 'Tài khoản {username} đã sẵn sàng. Bạn có thể đăng nhập.',
    taken: 'Tên {username} đã có người dùng. Hãy đăng ký lại với tên khác.',
    passwordTitle: 'Mật khẩu mới',
    passwordFor: 'Cho tài khoản {username}. Mật khẩu cần ít nhất 12 ký tự và không quá 72 byte.',
    password: 'Mật khẩu mới',
    set: 'Đặt mật khẩu',
    wrongLength: 'Mật khẩu này quá ngắn hoặc quá dài.',
    passwordSet: 'Mật khẩu đã được đặt. Bạn có thể đăng nhập bằng mật khẩu này.',
    over: 'Liên kết này không còn hiệu lực. Hãy yêu cầu liên kết mới.',
  },
};

export interface PageWords {
  confirmTitle: string;
  confirmQuestion: string;
  confirm: string;
  confirmed: string;
  taken: string;
  passwordTitle: string;
  passwordFor: string;
  password: string;
  set: string;
  wrongLength: string;
  passwordSet: string;
  over: string;
}
