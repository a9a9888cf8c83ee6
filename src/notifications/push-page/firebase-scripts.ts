const HOST = 'https://www.gstatic.com';
const VERSION = '13.2.0';

/** Firebase's own scripts, in the order in which they are loaded. */
export const FIREBASE_SCRIPTS = ['app', 'messaging'].map(
  (part) => `${HOST}/firebasejs/${VERSION}/firebase-${part}-compat.js`,
);

/** What the page and the service worker may load and call, besides what every page of ours may. */
export const PUSH_POLICY = [
  `script-src 'self' ${HOST}`,
  "connect-src 'self' https://fcmregistrations.googleapis.com https://firebaseinstallations.googleapis.com",
  "worker-src 'self'",
];
