import { randomUUID } from 'node:crypto';
import { post, toAppJson } from './inbound-post.js';
import { Jobs } from './jobs.js';
import type { Life } from './life.js';
import type { PhoneMemory, Post } from './phone-memory.js';
import type { Server } from './server.js';

const ZONE_HOURS = 7;

/** What the phone receives, and how it posts it to the webhooks that it was told of; with none it forgets it. */
export class Inbox {
  private readonly jobs: Jobs<Post>;

  constructor(
    private readonly memory: PhoneMemory,
    private readonly server: Server,
    private readonly now: () => Date,
    random: () => number,
    retryMillis: number,
  ) {
    this.jobs = new Jobs(memory.posts, (job, signal) => this.attempt(job, signal), random, retryMillis);
  }

  get left(): number {
    return this.jobs.left;
  }

  wake(life: Life): void {
    this.jobs.wake(life);
  }

  receive(from: string, text: string, simNumber: number | null, life: Life): void {
    const payload = {
      messageId: randomUUID().slice(0, 8),
      phoneNumber: from,
      sender: from,
      recipient: null,
      simNumber,
      message: text,
      receivedAt: this.localTime(),
    };
    this.tell('sms:received', payload, life);
  }

  ping(batteryPercent: number, life: Life): void {
    const checks = { 'battery:level': { observedValue: batteryPercent, observedUnit: 'percent', status: 'pass' } };
    this.tell('system:ping', { health: { status: 'pass', version: '1.60.0', checks } }, life);
  }

  private tell(event: string, payload: object, life: Life): void {
    for (const { id: webhookId, url } of this.memory.webhooks.filter((hook) => hook.event === event)) {
      const body = toAppJson({ deviceId: this.memory.device!.id, event, id: randomUUID(), payload, webhookId });
      this.jobs.add({ url, body, tries: 0 }, life);
    }
  }

  /** Also done when it has been tried too often. */
  private async attempt(job: Post, signal: AbortSignal): Promise<boolean> {
    const { signing_key: key = '', retry_count: most = 15 } = this.memory.settings?.webhooks ?? {};
    const { url, body } = job;
    const taken = await post({ url: this.local(url), body }, key, this.now(), signal).catch(() => false);
    return (taken && !this.server.isLost('POST /received')) || ++job.tries > most;
  }

  /** The gateway's public address is another name of the one that the app speaks to. */
  private local(url: string): string {
    return this.server.address(url.slice(url.indexOf('/api/mobile/v1') + '/api/mobile/v1'.length));
  }

  private localTime(): string {
    const local = new Date(this.now().getTime() + ZONE_HOURS * 3_600_000);
    return local.toISOString().replace('Z', `+0${ZONE_HOURS}:00`);
  }
}
