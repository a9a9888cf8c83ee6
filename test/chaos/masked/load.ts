import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../android-agent-sim/random.js';
import { PAUSE_MILLIS, StepLoad } from '../steps/step-load.js';
import type { Target } from '../target.js';
import type { Conversation, Conversations } from './conversations.js';
import type { MaskedShop } from './pool.js';

const IN_A_GROUP = 3;

interface Side {
  address: string;
  tn: string;
}

/** People who are brought together, write to one another, and part, whatever becomes of the gateway meanwhile. */
export class MaskedLoad extends StepLoad {
  private codes = 0;

  constructor(
    target: Target,
    private readonly shop: MaskedShop,
    private readonly conversations: Conversations,
  ) {
    super(target, shop.admin);
  }

  protected async act(random: Random): Promise<void> {
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
}
