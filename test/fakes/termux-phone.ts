import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export interface StoredSms {
  _id: number;
  type: string;
  address: string;
  received: string;
  body: string;
}
/** How the commands behave; they read it anew at each call. */
export interface Mood {
  /** `hangs` after the app has the text, and leaves a child that hangs, too. */
  send: 'works' | 'hangs' | 'lacks permission' | 'crashes';
  app: 'answers' | 'is silent' | 'talks garbage';
  /** SIM slots with a card. */
  slots: number[];
  simState: string;
  battery: number;
}

/**
 * Stand-ins for the commands of Termux:API, written to a folder for PATH. As the real ones do, they end with 0 and print an
 * error as JSON when the app lacks a permission, say nothing when Android drops a text, and hang when the app doesn't answer.
 */
export class TermuxPhone {
  readonly home = mkdtempSync(join(tmpdir(), 'termux-'));
  private readonly bin = join(this.home, 'bin');

  constructor() {
    mkdirSync(this.bin);
    for (const [name, script] of Object.entries(SCRIPTS)) this.write(name, script);
    this.behave({ send: 'works', app: 'answers', slots: [0], simState: 'ready', battery: 73 });
    this.hold([]);
  }

  /** For the agent's process. */
  get environment(): Record<string, string> {
    const path = [this.bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
    return { PATH: path, HOME: this.home, TZ: 'Asia/Ho_Chi_Minh' };
  }

  /** What Android was given, in order. */
  get sent(): { number: string; slot: number | null; text: string }[] {
    const file = join(this.home, 'sent.jsonl');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  /** How often the command was called. */
  calls(command: string): number {
    const file = join(this.home, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').split(`${command}\n`).length - 1 : 0;
  }

  /** How many received texts the agent has noted. */
  remembers(device: string): number {
    const file = join(this.home, '.agent-journal', `${device}.received.jsonl`);
    return existsSync(file) ? readFileSync(file, 'utf8').split('"seen"').length - 1 : 0;
  }

  /** Commands that were started here and still run. */
  running(): string[] {
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return processes.filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return readlinkSync(`/proc/${pid}/cwd`) === this.home && /sleep|termux-sms-send/.test(command);
      } catch {
        return false;
      }
    });
  }

  behave(mood: Partial<Mood>): void {
    const file = join(this.home, 'mood.json');
    const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    this.replace('mood.json', { ...before, ...mood });
  }

  /** The texts that the phone has. */
  hold(texts: StoredSms[]): void {
    this.replace('texts.json', texts);
  }

  lacks(command: string): void {
    rmSync(join(this.bin, command));
  }

  /** A killed agent leaves its commands behind. */
  remove(): void {
    for (const pid of this.running()) process.kill(Number(pid), 'SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  }

  private replace(name: string, content: unknown): void {
    writeFileSync(join(this.home, `${name}.new`), JSON.stringify(content));
    renameSync(join(this.home, `${name}.new`), join(this.home, name));
  }

  private write(name: string, script: string): void {
    writeFileSync(join(this.bin, name), `#!/usr/bin/env node\n${COMMON}\n${script}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }
}

const COMMON = `
const fs = require('node:fs'), path = require('node:path');
const home = path.dirname(__dirname), read = (name) => JSON.parse(fs.readFileSync(path.join(home, name), 'utf8'));
const mood = read('mood.json');
fs.appendFileSync(path.join(home, 'calls'), path.basename(__filename) + '\\n');
const print = (value) => process.stdout.write(JSON.stringify(value, null, 2) + '\\n');
const options = {};
let args = process.argv.slice(2);
while (args[0] && /^-[a-z]$/.test(args[0])) {
  if (args[0] === '-h') { console.log('Usage: ' + path.basename(__filename)); process.exit(0); }
  options[args[0][1]] = args[1];
  args = args.slice(2);
}
const hang = () => {
  require('node:child_process').spawnSync('sleep', ['60'], { stdio: 'inherit' });
};
if (mood.app === 'is silent') hang();
if (mood.app === 'talks garbage') { console.log('Connection refused {'); process.exit(0); }
`;

const SCRIPTS: Record<string, string> = {
  'termux-sms-send': `
if (!options.n) { console.log('termux-sms-send: no recipient number given'); process.exit(1); }
if (mood.send === 'lacks permission') {
  print({ error: 'Please grant the following permission to use this command: android.permission.SEND_SMS' });
  process.exit(0);
}
// The real command ends the text at its first and last word, and lets a shell's echo read a text that is an argument.
const text = args.length > 0 ? args.join(' ').replaceAll('\\\\', '') : fs.readFileSync(0, 'utf8').trim();
const slot = options.s === undefined ? null : Number(options.s);
if (text !== '' && (slot === null || mood.slots.includes(slot))) {
  for (const number of options.n.split(',')) {
    fs.appendFileSync(path.join(home, 'sent.jsonl'), JSON.stringify({ number, slot, text }) + '\\n');
  }
}
if (mood.send === 'hangs') hang();
if (mood.send === 'crashes') { console.error('Aborted'); process.exit(134); }`,

  'termux-sms-list': `
const all = read('texts.json').sort((a, b) => (a.received < b.received ? 1 : a.received > b.received ? -1 : b._id - a._id));
const from = Number(options.o ?? 0);
const page = all.slice(from, from + Number(options.l ?? 10)).reverse();
print(page.map((text) => ({ threadid: 1, read: false, number: text.address, ...text })));`,

  'termux-battery-status': `
print({ present: true, health: 'GOOD', plugged: 'UNPLUGGED', temperature: 30.1, percentage: mood.battery, scale: 100 });`,

  'termux-telephony-deviceinfo': `
print({ data_enabled: 'true', phone_count: 2, phone_type: 'gsm', network_operator: '45204', network_operator_name: 'Viettel',
  network_type: 'lte', sim_operator_name: 'Viettel', sim_state: mood.simState, device_id: null });`,

  'termux-telephony-cellinfo': `
print([{ type: 'lte', registered: false, dbm: -120 }, { type: 'lte', registered: true, asu: 44, dbm: -95, level: 3 }]);`,
};
