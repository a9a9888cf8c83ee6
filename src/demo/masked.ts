import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoClient } from './demo-client.js';
import { DemoPhone } from './demo-phone.js';
import { startGatewayProcess } from './processes.js';

const NUMBER = '+84907654321';
const LAN = { name: 'Lan', number: '+84901111111' };
const HOA = { name: 'Hoa', number: '+84902222222' };

/** Two people talk through a shop's phone: each sees its number only. Answers whether every text arrived. */
export async function maskedDemo(say: (line: string) => void): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-demo-'));
  const password = randomBytes(15).toString('hex');
  const secret = randomBytes(12).toString('hex');
  say("Trunkline demo: two people talk through a shop's phone, and neither sees the other's number.\n");
  const gateway = await startGatewayProcess(folder, password, secret);
  try {
    const client = new DemoClient(gateway.url);
    await client.login('admin', password);
    const phone = await DemoPhone.register(gateway.url, secret);
    await client.asAdmin('POST', '/admin/tns', { number: NUMBER, agent_id: phone.agentId });
    say(`  - the phone's SIM is ${NUMBER} (POST /admin/tns)`);
    await client.asAdmin('POST', '/sessions', { addresses: [LAN.number, HOA.number] });
    say(`  - a session between ${LAN.name}, ${LAN.number}, and ${HOA.name}, ${HOA.number} (POST /sessions)\n`);
    const talk = [
      { from: LAN, to: HOA, text: 'Em đến trong 5 phút, chị Hoa ơi' },
      { from: HOA, to: LAN, text: 'Vâng ạ, chị chờ ở cổng' },
    ];
    let arrived = 0;
    for (const { from, to, text } of talk) {
      await phone.hear(from.number, text);
      const [sent] = await phone.send();
      say(`  ${from.name} writes to ${NUMBER}: "${text}"`);
      say(`      ${to.name} gets from ${NUMBER}: "${sent?.text ?? 'nothing'}"`);
      if (sent?.to === to.number && sent.text === text) arrived++;
    }
    say(`\n${arrived} of ${talk.length} texts arrived.`);
    return arrived === talk.length;
  } finally {
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
