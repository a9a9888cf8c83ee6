import { expect } from '@jest/globals';
import type { Api, Answer } from './api.js';
import type { TestGateway } from './gateway.js';
import type { Shop } from './shop.js';
import { waitFor } from './wait-for.js';

/** A valid phone number for a position in a list, different for each. */
export function numberOf(place: number): string {
  return `+8490${1_000_000 + place}`;
}

/** `count` messages, each to a different number. */
export function messagesTo(count: number, CODE = '1', from = 0) {
  return Array.from({ length: count }, (_, i) => ({ to: numberOf(from + i), variables: { CODE } }));
}

export function requestOf(shop: Shop, messages: readonly unknown[], extra: Record<string, unknown> = {}) {
  return { template_id: shop.templateId, agent_id: shop.phone.agentId, messages, ...extra };
}

/** The answer of a request that is accepted. */
export async function accept(client: Api, body: unknown): Promise<any> {
  return expectStatus(201, await client.post('/requests', body)).body;
}

/** @throws with the whole answer, which explains more than two numbers do. */
export function expectStatus(status: number, answer: Answer): Answer {
  if (answer.status === status) return answer;
  throw new Error(`${answer.status} instead of ${status}: ${JSON.stringify(answer.body).slice(0, 1000)}`);
}

/** Sends one code to one number and returns the message. */
export async function sendOne(
  shop: Shop,
  code: string,
  extra: Record<string, unknown> = {},
  client: Api = shop.client,
) {
  const { request_id } = await accept(client, requestOf(shop, messagesTo(1, code), extra));
  const [message] = await messagesOf(client, request_id);
  return message!;
}

export async function messagesOf(client: Api, requestId: string): Promise<any[]> {
  const { body } = await client.get(`/messages?request_id=${requestId}&limit=500`);
  return body.items;
}

export async function statusOf(client: Api, messageId: string): Promise<string> {
  return (await client.get(`/messages/${messageId}`)).body.status;
}

/** `seconds` from now by the gateway's clock, as a client writes it. */
export function isoIn(gateway: TestGateway, seconds: number): string {
  return new Date(gateway.clock.now().getTime() + seconds * 1000).toISOString();
}

/** The fields that an answer's error names, in their order. */
export function fieldsOf(answer: Answer): string[] {
  return answer.body.details.map((detail: { field: string }) => detail.field);
}

interface CounterDoc {
  _id: string;
  kind: string;
  used: number;
  holds: Record<string, unknown>;
}

/** How much of its daily limit the key has used, after every answered request has settled its share. */
export async function usedToday(gateway: TestGateway, keyId: string): Promise<number> {
  const day = gateway.clock.now().toISOString().slice(0, 10);
  const counters = gateway.store.collection<CounterDoc>('counters');
  return waitFor(
    async () => {
      const counter = await counters.findOne({ _id: `limit:${keyId}:${day}` });
      expect(counter?.holds ?? {}).toEqual({});
      return counter?.used ?? 0;
    },
    { timeout: 5000, interval: 5 },
  );
}
