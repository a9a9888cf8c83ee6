import { describe, expect, it } from '@jest/globals';
import { asTenantId } from '../common/tenant-id.js';
import { newMessage, type NewMessage } from './new-message.js';

const NOW = new Date(Date.UTC(2026, 10, 21, 10));
const LATER = new Date(NOW.getTime() + 60_000);
const given = (more: Partial<NewMessage> = {}): NewMessage => ({
  _id: 'msg_1',
  tenant_id: asTenantId('ten_1'),
  request_id: 'req_1',
  sequence: 0,
  client_id: 'key_1',
  to: '+84901234567',
  text: 'hello',
  priority: 'HIGH',
  expires_at: LATER,
  route: 'agent:agt_01jd2m0q8nfgt1vwzzk4x6s5ah',
  agent_id: 'agt_01jd2m0q8nfgt1vwzzk4x6s5ah',
  created_at: NOW,
  ...more,
});

describe('a new message', () => {
  it('can be claimed at once, or waits for its time', () => {
    expect(newMessage(given())).toMatchObject({ status: 'PENDING', ready: true, fails_at: LATER, rev: 1, attempts: 0 });
    const scheduled = newMessage(given({ schedule_at: LATER }));
    expect([scheduled.ready, scheduled.due_at]).toEqual([undefined, LATER]);
    expect(newMessage(given({ schedule_at: NOW })).ready).toBe(true);
  });

  it('of one SIM waits in that SIM’s queue', () => {
    const { queue, sim_slot } = newMessage(given({ sim_slot: 1 }));
    expect([queue, sim_slot]).toEqual(['ten_1:agent:agt_01jd2m0q8nfgt1vwzzk4x6s5ah:sim:1', 1]);
  });

  it('that is canceled waits for nothing', () => {
    const message = newMessage(given({ canceled: 'DUPLICATE_RECENT' }));
    expect(message).toMatchObject({ status: 'CANCELED', last_error: 'DUPLICATE_RECENT' });
    for (const field of ['ready', 'due_at', 'fails_at']) expect(message).not.toHaveProperty(field);
  });

  it('that failed at once waits for nothing either', () => {
    const message = newMessage(given({ failed: 'OPTED_OUT' }));
    expect(message).toMatchObject({ status: 'FAILED', last_error: 'OPTED_OUT', failed_at: NOW });
    for (const field of ['ready', 'due_at', 'fails_at']) expect(message).not.toHaveProperty(field);
  });

  it('has segments, an encoding and a number from its end only where there are any', () => {
    expect(newMessage(given())).toMatchObject({ encoding: 'GSM-7', segments: 1, to_reversed: '76543210948+' });
    const fields = ['channel', 'encoding', 'segments', 'to_reversed'];
    const has = (message: object) => fields.filter((field) => Object.hasOwn(message, field));
    expect(has(newMessage(given()))).toEqual(['encoding', 'segments', 'to_reversed']);
    expect(has(newMessage(given({ channel: 'whatsapp' })))).toEqual(['channel', 'to_reversed']);
    expect(has(newMessage(given({ channel: 'email', to: 'a@example.com' })))).toEqual(['channel']);
  });
});
