import { escapeHtml } from '../../common/http/html.js';
import { field, htmlPage, paragraph } from '../../common/http/page.js';

const CLEARTEXT =
  'This address is not https. The app as it is published refuses it, unless the gateway runs on the phone itself: use https, or the ' +
  'build of the app that is called “insecure”.';

/** What to do on the phone, with the two values to copy. It says nothing of whether the code is good. */
export function joinPage(serverUrl: string, code: string): string {
  const steps = [
    'Install SMSGate (SMS Gateway for Android) from its releases page on GitHub, and open it.',
    'Where Android keeps the SMS permission locked (15 and newer): App info → ⋮ → “Allow restricted settings”. Then allow SMS and Phone.',
    'Settings → Cloud Server → API URL: paste the address below.',
    'Home: switch Cloud Server on, tap “Offline”, choose “By Code”, paste the code, “Continue”.',
    'The button says “Online”. In Android’s settings set the app’s battery use to “Unrestricted”.',
  ];
  return htmlPage(
    'en',
    'Connect this phone',
    [
      `<ol>${steps.map((step) => `<li>${escapeHtml(step)}</li>`).join('\n')}</ol>`,
      field('server', 'API URL', `readonly value="${escapeHtml(serverUrl)}"`),
      field('code', 'Code', `readonly value="${escapeHtml(code)}"`),
      paragraph('The code is good for one phone and ten minutes.'),
      ...(serverUrl.startsWith('https://') ? [] : [paragraph(CLEARTEXT)]),
    ].join('\n'),
  );
}
