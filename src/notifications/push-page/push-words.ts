/** What the page says; its script takes `states` from the page. */
interface PushWords {
  home: string;
  title: string;
  links: { new_session: string; login: string; preference: string; documentation: string };
  intro: string;
  notSetUp: string;
  noScript: string;
  allow: string;
  token: string;
  copy: string;
  mine: string;
  received: string;
  states: Readonly<Record<PushState, string>>;
}

export type PushState =
  | 'waiting'
  | 'registered'
  | 'copied'
  | 'tied'
  | 'https'
  | 'unsupported'
  | 'denied'
  | 'undecided'
  | 'unloaded'
  | 'failed'
  | 'untied';

export const PUSH_WORDS: Readonly<Record<'en' | 'vi', PushWords>> = {
  en: {
    home: 'Home',
    title: 'Push notifications',
    links: {
      new_session: 'New masked session',
      login: 'Log in',
      preference: 'Preferences',
      documentation: 'API documentation',
    },
    intro: 'With its registration token, notifications can be sent to this device.',
    notSetUp:
      'There is no token here, because pushes are not set up on this gateway. For them the administrator sets FIREBASE_WEB_CONFIG, or web_config with PUT /admin/carriers/fcm, to the web configuration of the project at Firebase.',
    noScript: 'Your browser needs JavaScript for this.',
    allow: 'Allow notifications on this device',
    token: 'Registration token of this device',
    copy: 'Copy',
    mine: 'Use for my notifications',
    received: 'Received on this page',
    states: {
      waiting: 'One moment: this device is being registered.',
      registered: 'This device takes notifications.',
      copied: 'Copied.',
      tied: 'Your notifications come to this device, too.',
      https:
        'This page needs https: on an address that begins with http://, browsers take pushes from localhost alone.',
      unsupported: 'This browser does not take pushes. On an iPhone or iPad, add this page to the home screen first.',
      denied: 'Notifications from this page are blocked. Allow them in the settings of your browser, then try again.',
      undecided: 'You have not allowed notifications. Try again, and choose Allow.',
      unloaded:
        'The scripts of Firebase could not be loaded from www.gstatic.com. Check your connection, then try again.',
      failed: 'Firebase did not register this device. What it said:',
      untied: 'That did not work. Log in again, then come back. What the gateway said:',
    },
  },
  vi: {
    home: 'Trang chủ',
    title: 'Thông báo đẩy',
    links: {
      new_session: 'Phiên ẩn số mới',
      login: 'Đăng nhập',
      preference: 'Tùy chọn',
      documentation: 'Tài liệu API',
    },
    intro: 'Với mã đăng ký của thiết bị này, có thể gửi thông báo đến đây.',
    notSetUp:
      'Ở đây không có mã đăng ký, vì cổng này chưa được thiết lập thông báo đẩy. Quản trị viên cần đặt FIREBASE_WEB_CONFIG, hoặc web_config bằng PUT /admin/carriers/fcm, là cấu hình web của dự án trên Firebase.',
    noScript: 'Trình duyệt cần bật JavaScript để dùng phần này.',
    allow: 'Cho phép thông báo trên thiết bị này',
    token: 'Mã đăng ký của thiết bị này',
    copy: 'Sao chép',
    mine: 'Dùng cho thông báo của tôi',
    received: 'Đã nhận trên trang này',
    states: {
      waiting: 'Xin đợi một chút: thiết bị đang được đăng ký.',
      registered: 'Thiết bị này nhận được thông báo.',
      copied: 'Đã sao chép.',
      tied: 'Thông báo của bạn cũng sẽ đến thiết bị này.',
      https: 'Trang này cần https: với địa chỉ bắt đầu bằng http://, trình duyệt chỉ nhận thông báo đẩy từ localhost.',
      unsupported:
        'Trình duyệt này không nhận thông báo đẩy. Trên iPhone hoặc iPad, hãy thêm trang này vào màn hình chính trước.',
      denied: 'Thông báo từ trang này đang bị chặn. Hãy cho phép trong cài đặt trình duyệt rồi thử lại.',
      undecided: 'Bạn chưa cho phép thông báo. Hãy thử lại và chọn Cho phép.',
      unloaded: 'Không tải được tập lệnh của Firebase từ www.gstatic.com. Hãy kiểm tra kết nối rồi thử lại.',
      failed: 'Firebase không đăng ký được thiết bị này. Firebase trả lời:',
      untied: 'Không thực hiện được. Hãy đăng nhập lại rồi quay lại đây. Cổng trả lời:',
    },
  },
};
