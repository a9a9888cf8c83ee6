import type { MessageDoc } from '../../../src/messages/message.js';
import type { NotificationDoc, RecipientDoc } from '../../../src/notifications/notification.js';
import type { Expected, Order, Orders } from '../notifications/orders.js';
import type { Rows } from '../notifications/rows.js';
import type { NotifyingShop } from '../notifications/shop.js';

/** Holds the notifications of a gateway that is at rest against what it was asked, and against what left it. */
export function notificationsWrong(rows: Rows, orders: Orders, shop: NotifyingShop): string[] {
  const wrong: string[] = [];
  const messages = new Map(rows.messages.map((message) => [message._id, message]));
  const byReference = grouped(rows.notifications, ({ client_reference }) => client_reference ?? '');
  const recipientsOf = grouped(rows.recipients, ({ notification_id }) => notification_id);
  const pushed = grouped(rows.tokens, ({ message_id }) => message_id);
  for (const order of orders.all) {
    const [notification, ...more] = byReference.get(order.code) ?? [];
    byReference.delete(order.code);
    const say = (problem: string) => wrong.push(`${order.code} ${notification?._id ?? ''}: ${problem}`);
    if (more.length > 0) say('was told more than once');
    if (!notification) {
      if (order.id) say(`was accepted as ${order.id} and is gone`);
      continue;
    }
    if (order.id && order.id !== notification._id) say(`was accepted as ${order.id}`);
    const all = recipientsOf.get(notification._id) ?? [];
    recipientsOf.delete(notification._id);
    orderWrong(order, notification, all, messages, orders, shop).forEach(say);
  }
  const attempts = rows.recipients.flatMap((recipient) => recipient.attempts);
  const known = new Set(attempts.map(({ message_id }) => message_id));
  const twice = attempts.length - known.size;
  if (twice > 0) wrong.push(`${twice} messages are of two recipients`);
  for (const { _id, purpose } of rows.messages)
    if (purpose === 'notification' && !known.has(_id)) wrong.push(`nobody's outcome counts ${_id}`);
  for (const { message_id, token_id } of attempts)
    if (token_id && messages.has(message_id) && pushed.get(message_id)?.length !== 1)
      wrong.push(`the device of ${message_id} doesn't know of it`);
  for (const reference of byReference.keys()) wrong.push(`nobody has asked for ${reference}`);
  for (const id of recipientsOf.keys()) wrong.push(`there are recipients of ${id}, which is gone`);
  return wrong;
}

function orderWrong(
  order: Order,
  notification: NotificationDoc,
  all: readonly RecipientDoc[],
  messages: ReadonlyMap<string, MessageDoc>,
  orders: Orders,
  { listeners, crowd }: NotifyingShop,
): string[] {
  const listening = listeners.map((to) => ({ legs: [{ way: 'email' as const, to, isBad: false }] }));
  const expected = [...order.expected, ...(order.toTopic ? listening : [])];
  const told = grouped(
    all.filter(({ attempts }) => attempts.length > 0),
    ({ attempts }) => attempts[0]!.to,
  );
  const wrong = expected.flatMap((one) => {
    const own = told.get(one.legs[0]!.to) ?? [];
    // What was taken back before its audience was gone through leaves nobody in it.
    if (own.length === 0 && notification.canceled_at) return [];
    if (own.length !== 1) return [`${one.legs[0]!.to} is in it ${own.length} times`];
    return recipientWrong(order, notification, one, own[0]!, messages, orders);
  });
  const silent = all.filter(({ attempts }) => attempts.length === 0);
  for (const { _id, outcome, reason } of silent)
    if (outcome !== 'skipped' || reason !== 'PREFERENCE_NONE') wrong.push(`${_id} is ${outcome} ${reason}`);
  const due = order.toTopic ? crowd.length - listeners.length : 0;
  const isWhole = new Set(silent.map(({ person_id }) => person_id)).size === due && silent.length === due;
  if (!isWhole && !notification.canceled_at) wrong.push(`${silent.length} of ${due} were skipped`);
  if (all.length > expected.length + due) wrong.push(`has ${all.length} recipients`);
  if (notification.canceled_at && order.cancel === 'no') wrong.push('was canceled by nobody');
  if (!notification.canceled_at && order.cancel === 'told') wrong.push('was canceled');
  return wrong;
}

function recipientWrong(
  order: Order,
  { canceled_at }: NotificationDoc,
  { legs }: Expected,
  { _id, attempts, outcome, confirmed_at }: RecipientDoc,
  messages: ReadonlyMap<string, MessageDoc>,
  orders: Orders,
): string[] {
  const wrong: string[] = [];
  const states: MessageDoc[] = [];
  for (const [i, { way, to, isBad }] of legs.entries()) {
    const attempt = attempts[i];
    const handed = orders.handedTo(way, to, order.code);
    if (!attempt) {
      if (handed.length > 0) wrong.push(`${to} was told without an attempt`);
      continue;
    }
    if (attempt.way !== way || attempt.to !== to) wrong.push(`${_id} went to ${attempt.to} instead of ${to}`);
    const message = messages.get(attempt.message_id);
    if (!message && !canceled_at && !confirmed_at) wrong.push(`${attempt.message_id} to ${to} is lost`);
    if (message) {
      states.push(message);
      const problem = handedWrong(message, handed.length, isBad, Boolean(canceled_at || confirmed_at));
      if (problem) wrong.push(`${message._id} to ${to} ${problem}`);
    }
    if (order.sendAt !== null && handed.some(({ at }) => at < order.sendAt!)) wrong.push(`${to} was told too early`);
  }
  if (attempts.length > legs.length) wrong.push(`${_id} has ${attempts.length} attempts`);
  if (!mayHaveStopped(order, legs, states, Boolean(canceled_at || confirmed_at)))
    wrong.push(`${_id} has ${attempts.length} attempts, ${outcome}`);
  if (order.confirm === 'told' && !confirmed_at) wrong.push(`${_id} was confirmed`);
  const due = confirmed_at ? 'confirmed' : outcomeOf(states);
  if (outcome !== due) wrong.push(`${_id} is ${outcome}, by its messages ${due}`);
  return wrong;
}

/** What was handed over once is known to have been sent, or nobody can know. */
function handedWrong({ status, last_error }: MessageDoc, times: number, isBad: boolean, mayBeTakenBack: boolean) {
  if (times > 1) return `was handed over ${times} times`;
  const end = `is ${status} ${last_error ?? ''}, and was handed over ${times} times`;
  if (status === 'FAILED' && last_error === 'UNCONFIRMED') return null;
  if (status === 'FAILED') return isBad && times === 0 ? null : end;
  if (status === 'CANCELED') return mayBeTakenBack && times === 0 ? null : end;
  return times === 1 && !isBad ? null : end;
}

/** The next way has its turn when this one failed for certain, or wasn't confirmed in time; and only then. */
function mayHaveStopped(
  { confirm }: Order,
  legs: Expected['legs'],
  states: readonly MessageDoc[],
  isOver: boolean,
): boolean {
  if (legs.length === 1) return states.length <= 1;
  const [first] = states;
  const hasFailed = first?.status === 'FAILED' && first.last_error !== 'UNCONFIRMED';
  if (isOver) return confirm !== 'unasked' || states.length === 1 || hasFailed;
  return states.length === (hasFailed || confirm !== 'unasked' ? 2 : 1);
}

function outcomeOf(states: readonly MessageDoc[]): string {
  const has = (status: string) => states.some((one) => one.status === status);
  if (has('DELIVERED')) return 'delivered';
  if (has('SENT')) return 'sent';
  return has('FAILED') ? 'failed' : 'canceled';
}

function grouped<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}
