import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoClient } from './demo-client.js';
import { maskedDemo } from './masked.js';
import { startGatewayProcess, startPhoneProcess, type Child } from './processes.js';
import { showHistories, type ShownHistory } from './message-histories.js';

const PATIENCE_MILLIS = 30_000;
const RECIPIENTS = [
  { to: '0901234567', NAME: 'Nguyễn Thị Phương Thảo', CODE: '481516' },
  { to: '+84 912 345 678', NAME: 'Trần Văn Ánh', CODE: '234234' },
  { to: '0387654321', NAME: 'Lê Hoàng Bảo Ngọc', CODE: '108108' },
  { to: '0701112223', NAME: 'Jean-François Lefèvre', CODE: '815162' },
  { to: '0839998887', NAME: 'Đặng Quốc Việt', CODE: '424242' },
];

const BY_SANDBOX = [{ to: '0967123456', NAME: 'Phạm Thị Quỳnh Như', CODE: '161616' }];
const TEXTS = RECIPIENTS.length + BY_SANDBOX.length;

/** The main job on a throw-away store: exits 0 only when every text is DELIVERED. */
async function demo(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-demo-'));
  const children: Child[] = [];
  try {
    const password = randomBytes(15).toString('hex');
    const secret = randomBytes(12).toString('hex');
    say('Trunkline demo: a gateway on a throw-away store, a simulated phone, a sandbox carrier, and six texts.\n');
    const gateway = await startGatewayProcess(folder, password, secret);
    children.push(gateway);
    step(`the gateway listens on ${gateway.url}, store in a temporary folder`);

    const client = new DemoClient(gateway.url);
    await client.login('admin', password);
    step('logged in as admin (POST /auth/login)');
    await client.createKey('SafeShop');
    step('created an API key (POST /admin/api-keys)');
    const template = await client.createTemplate('otp', 'Chào {NAME}, mã OTP của bạn là {CODE}');
    step(`created and approved the template ${template} (POST /templates, /templates/:id/approve)`);
    const phone = await startPhoneProcess(gateway.url, secret);
    children.push(phone);
    const agent = await client.firstAgent();
    step(`a phone registered as ${agent} and waits for work (POST /agent/register, GET /agent/jobs/next?wait=25)`);

    const byPhone = await client.send(template, `agent:${agent}`, RECIPIENTS);
    step(`submitted ${RECIPIENTS.length} texts for the phone as ${byPhone} (POST /requests)`);
    const bySandbox = await client.send(template, 'carrier:sandbox', BY_SANDBOX);
    step(`submitted one for the sandbox carrier as ${bySandbox}; Twilio and Flowroute are used in the same way\n`);
    const histories = await Promise.all([byPhone, bySandbox].map((id) => client.untilEnded(id, PATIENCE_MILLIS)));
    return tell(histories.flat());
  } finally {
    await Promise.all(children.toReversed().map((child) => child.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

function tell(messages: readonly ShownHistory[]): boolean {
  say(showHistories(messages));
  const delivered = messages.filter((message) => message.status === 'DELIVERED').length;
  say(
    `\n${delivered} of ${TEXTS} delivered.${delivered === TEXTS ? ' It works: start your own with `npm start`.' : ''}`,
  );
  return delivered === TEXTS;
}

function step(text: string): void {
  say(`  - ${text}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const chosen = process.argv.includes('--masked') ? maskedDemo(say) : demo();
chosen.then(
  (worked) => process.exit(worked ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`The demo failed: ${(error as Error).message}\n`);
    process.exit(1);
  },
);
