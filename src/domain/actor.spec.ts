import { describe, expect, it } from '@jest/globals';
import { actorOf, readActor, submitterOf, SYSTEM } from './actor.js';

const KEY = 'key_01jd2m0q8nfgt1vwzzk4x6s5ah';

describe('actor', () => {
  it.each([
    [{ kind: 'agent', id: 'agt_01jd2m0q8nfgt1vwzzk4x6s5ah' }, 'agent:agt_01jd2m0q8nfgt1vwzzk4x6s5ah'],
    [{ kind: 'client', id: KEY }, `client:${KEY}`],
    [{ kind: 'carrier', id: 'twilio' }, 'carrier:twilio'],
    // Users of tokens that are signed elsewhere.
    [{ kind: 'user', id: 'agt_me' }, 'user:agt_me'],
    [{ kind: 'user', id: 'https://id.example/a:b\nc' }, 'user:https://id.example/a:b\nc'],
  ] as const)('%j is written %j, and read again', (actor, text) => {
    expect(actorOf(actor)).toBe(text);
    expect(readActor(text)).toEqual(actor);
  });

  it('is the system for what the gateway does by itself', () => {
    expect(readActor(SYSTEM)).toEqual({ kind: 'system' });
  });

  it.each(['', 'agent:', 'twilio', 'robot:1', 'system:1', ' user:1'])('is nobody in %j', (text) => {
    expect(readActor(text)).toBeNull();
  });

  it.each([
    [KEY, `client:${KEY}`],
    ['usr_01jd2m0q8nfgt1vwzzk4x6s5ah', 'user:usr_01jd2m0q8nfgt1vwzzk4x6s5ah'],
    ['key_account', 'user:key_account'],
    ['agt_01jd2m0q8nfgt1vwzzk4x6s5ah', 'user:agt_01jd2m0q8nfgt1vwzzk4x6s5ah'],
  ])('who submitted as %j is %j', (clientId, text) => {
    expect(submitterOf(clientId)).toBe(text);
  });
});
