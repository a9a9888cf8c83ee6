import type { Language } from '../../common/http/page.js';

export interface UnsubscribeWords {
  title: string;
  question: string;
  submit: string;
  done: string;
  unknown: string;
}

export const UNSUBSCRIBE_WORDS: Readonly<Record<Language, UnsubscribeWords>> = {
  en: {
    title: 'Unsubscribe',
    question: 'Do you want no more messages from {org_name}, neither by e-mail nor by SMS nor on your devices?',
    submit: 'Unsubscribe',
    done: 'You are unsubscribed. {org_name} sends you no more messages.',
    unknown: 'This link is not valid. Open it again as it is in the message.',
  },
  vi: {
    title: 'Ngừng nhận tin',
    question: 'Bạn không muốn nhận tin từ {org_name} nữa, qua e-mail, SMS và trên các thiết bị của bạn?',
    submit: 'Ngừng nhận tin',
    done: 'Bạn đã ngừng nhận tin. {org_name} sẽ không gửi tin cho bạn nữa.',
    unknown: 'Liên kết không hợp lệ. Hãy mở lại đúng như trong tin nhắn.',
  },
};
