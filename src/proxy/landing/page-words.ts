export interface PageWords {
  title: string;
  pool: string;
  emptyPool: string;
  number: string;
  owner: string;
  phone: string;
  channels: string;
  mode: string;
  modes: { shared: string; exclusive: string };
  inUse: string;
  sessions: string;
  noSessions: string;
  name: string;
  nameless: string;
  participants: string;
  since: string;
  create: string;
  first: string;
  second: string;
  hint: string;
  sessionName: string;
  submit: string;
}

export const PAGE_WORDS: Readonly<Record<'en' | 'vi', PageWords>> = {
  en: {
    title: 'Masked conversations',
    pool: 'Numbers of the pool',
    emptyPool: 'The pool has no numbers yet.',
    number: 'Number',
    owner: 'Belongs to',
    phone: 'phone',
    channels: 'Channels',
    mode: 'Mode',
    modes: { shared: 'shared', exclusive: 'exclusive' },
    inUse: 'Open sessions',
    sessions: 'Newest open sessions',
    noSessions: 'No session is open.',
    name: 'Name',
    nameless: '(no name)',
    participants: 'Participants',
    since: 'Since',
    create: 'Create a new proxy session',
    first: 'Number of the first participant',
    second: 'Number of the second participant',
    hint: 'With the country code, such as +12065550142; for WhatsApp whatsapp:+12065550142.',
    sessionName: 'Name of the session (optional)',
    submit: 'Submit',
  },
  vi: {
    title: 'Hội thoại ẩn số',
    pool: 'Các số trong kho',
    emptyPool: 'Kho chưa có số nào.',
    number: 'Số điện thoại',
    owner: 'Thuộc về',
    phone: 'điện thoại',
    channels: 'Kênh',
    mode: 'Chế độ',
    modes: { shared: 'dùng chung', exclusive: 'dùng riêng' },
    inUse: 'Phiên đang mở',
    sessions: 'Các phiên đang mở mới nhất',
    noSessions: 'Không có phiên nào đang mở.',
    name: 'Tên',
    nameless: '(chưa đặt tên)',
    participants: 'Người tham gia',
    since: 'Từ lúc',
    create: 'Tạo phiên ẩn số mới',
    first: 'Số của người tham gia thứ nhất',
    second: 'Số của người tham gia thứ hai',
    hint: 'Kèm mã quốc gia, ví dụ +84901234567; với WhatsApp: whatsapp:+84901234567.',
    sessionName: 'Tên phiên (không bắt buộc)',
    submit: 'Gửi',
  },
};
