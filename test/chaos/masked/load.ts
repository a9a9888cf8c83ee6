import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, type Random } from '../../../android-agent-sim/random.js';
import { Api, type Answer } from '../../support/api.js';
import type { Target } from '../target.js';
import type { Conversation, Conversations } from './conversations.js';
import type { MaskedShop } from './pool.js';

const AT_ONCE = 6;
const PAUSE_MILLIS = 30;
const IN_A_GROUP = 3;

interface Side {
  address: string;
  tn: string;
}

/** People who are brought together, write to one another, and part, whatever becomes of the gateway meanwhile. */
export class MaskedLoad {
  private readonly working: Promise<void>[];
  private resting = false;
  private ending = false;
  private isOver = false;
  /** Those who stand still, between two calls. */
  private parked = 0;
  private codes = 0;
  readonly complaints: string[] = [];

  constructor(
    private readonly target: Target,
    private readonly shop: MaskedShop,
    private readonly conversations: Conversations,
    seed: number,
  ) {
    this.working = Array.from({ length: AT_ONCE }, (_, i) => this.work(seededRandom(seed, i, 'conversations')));
  }

  /** Nobody calls until `go`. */
  async rest(): Promise<void> {
    this.resting = true;
    while (this.parked < AT_ONCE && !this.ending) await sleep(5);
  }
  go(): void {
    this.resting = false;
  }
  /** Whoever has begun goes on to their end. */
  async finish(): Promise<void> {
    this.ending = true;
    this.go();
    await Promise.all(this.working);
  }

  /** Whoever still waits for an answer gives up. */
  async stop(): Promise<void> {
    this.isOver = this.ending = true;
    await Promise.all(this.working);
  }

  private async work(random: Random): Promise<void> {
    try {
      while (!this.ending) await this.converse(random);
    } catch (error) {
      if (!this.isOver) this.complaints.push(String(error));
    }
  }

  private async converse(random: Random): Promise<void> {
    const kind = random() < 0.7 ? 'pair' : 'group';
    const expires = kind === 'pair' && random() < 0.2;
    const conversation = this.conversations.begin(kind, kind === 'pair' ? 2 : IN_A_GROUP, expires ? 'expires' : 'none');
    const sides = await this.open(conversation);
    if (!sides) return;
    for (let i = Math.floor(random() * 4); i > 0; i--)
      await this.write(conversation, sides[Math.floor(random() * sides.length)]!);
    if (expires) return;
    if (random() < 0.5) await sleep(random() * 600);
    await this.end(conversation);
  }

  /** Asks once: whoever gets no answer doesn't know whether there is a session now, and leaves it at that. */
  private async open(conversation: Conversation): Promise<Side[] | null> {
    const { kind, people, end } = conversation;
    const answer = await (kind === 'pair'
      ? this.call('POST', '/session', {
          participant_a: people[0],
          participant_b: people[1],
          ...(end === 'expires' ? { expiry_window: 10 } : {}),
        })
      : this.call('POST', '/sessions', { addresses: people }));
    if (!answer || answer.status === 503) return null;
    const { status, body } = answer;
    if (status !== 200) {
      const isFull = JSON.stringify(body).match(/No virtual TNs available|Not enough numbers/);
      if (!isFull) this.complaints.push(`POST ${kind}: ${status} ${JSON.stringify(body)}`);
      await sleep(200);
      return null;
    }
    conversation.id = kind === 'pair' ? body.session_id : body.sid.replace(/^CH/, '');
    if (kind === 'pair') return people.map((address) => ({ address, tn: `+${body.virtual_tn}` }));
    return body.participants.map((one: { messagingBinding: { address: string; proxy_address: string } }) => ({
      address: one.messagingBinding.address,
      tn: one.messagingBinding.proxy_address,
    }));
  }

  /** The phone that has the number hears it, and tells of it until the gateway has it. */
  private async write({ texts }: Conversation, { address, tn }: Side): Promise<void> {
    const { slot, token } = this.shop.numbers.get(tn)!;
    const text = { from: address, code: `text-${++this.codes}.`, isTaken: false, mayBeLate: false };
    texts.push(text);
    const received_at = new Date().toISOString();
    const messages = [{ from: address, text: text.code, received_at, sim_slot: slot }];
    const headers = { authorization: `Bearer ${token}` };
    await this.until(() => this.call('POST', '/agent/messages/inbound', { messages }, headers), 200);
    text.isTaken = true;
  }

  private async end(conversation: Conversation): Promise<void> {
    const { kind, id } = conversation;
    const known = () => (conversation.end === 'asked' ? [200, 404] : [200]);
    for (;;) {
      const accepted = known();
      await this.turn();
      this.conversations.isEnding(conversation);
      conversation.end = 'asked';
      const answer = await (kind === 'pair'
        ? this.call('DELETE', '/session', { session_id: id })
        : this.call('DELETE', `/sessions/CH${id}`));
      if (answer && accepted.includes(answer.status)) break;
      if (answer && answer.status !== 503) this.complaints.push(`DELETE ${kind} ${id}: ${answer.status}`);
      await sleep(PAUSE_MILLIS);
    }
    conversation.end = 'told';
  }

  private async until(call: () => Promise<Answer | undefined>, status: number): Promise<void> {
    for (;;) {
      const answer = await call();
      if (answer?.status === status) return;
      if (answer && answer.status !== 503) this.complaints.push(`${answer.status} ${JSON.stringify(answer.body)}`);
      await sleep(PAUSE_MILLIS);
    }
  }

  private async call(method: string, path: string, body?: unknown, headers = this.shop.admin) {
    await this.turn();
    const { url } = this.target;
    return url ? new Api(url, headers).call(method, path, body).catch(() => undefined) : undefined;
  }

  private async turn(): Promise<void> {
    this.parked++;
    while ((this.resting || !this.target.url) && !this.isOver) await sleep(20);
    this.parked--;
    if (this.isOver) throw new Error('the chaos is over');
  }
}
