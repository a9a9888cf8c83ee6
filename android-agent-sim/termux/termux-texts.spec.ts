import { expect, test } from '@jest/globals';
import { textsIn } from './termux-texts.js';

const listed = (extra: object) => ({
  threadid: 3,
  type: 'inbox',
  read: true,
  address: '+84901234567',
  number: '+84901234567',
  received: '2026-11-26 10:20:30',
  body: 'Chào',
  _id: 7,
  ...extra,
});
const keysOf = (...texts: object[]) => textsIn(texts).map(({ key }) => key);

test('received texts are read, the newest first', () => {
  const texts = textsIn([
    listed({ _id: 8, received: '2026-11-26 10:20:30' }),
    listed({ _id: 9, received: '2026-11-26 10:20:29' }),
    listed({ _id: 10, received: '2026-11-26 10:20:30' }),
    listed({ _id: 11, type: 'sent' }),
  ]);
  expect(texts.map(({ text }) => text.external_id)).toEqual(['sms-10', 'sms-8', 'sms-9']);
  expect(texts[0]!.text).toEqual({
    from: '+84901234567',
    text: 'Chào',
    received_at: new Date(2026, 10, 26, 10, 20, 30).toISOString(),
    external_id: 'sms-10',
  });
});

test('a text is the same in another time zone, and another is not, though it got the id of a deleted one', () => {
  const [key] = keysOf(listed({}));
  expect(keysOf(listed({ received: '2026-11-26 05:20:30' }))).toEqual([key]);
  for (const other of [{ received: '2026-11-26 10:20:31' }, { body: 'chào' }, { address: 'Viettel' }, { _id: 8 }]) {
    expect(keysOf(listed(other))).not.toEqual([key]);
  }
});

test('what isn’t a text is no text, and missing fields do no harm', () => {
  expect(textsIn({ error: 'x' })).toEqual([]);
  expect(textsIn([null, 7, { type: 'inbox' }, listed({ body: null, address: null, number: undefined })])).toHaveLength(
    2,
  );
  const [{ text } = { text: undefined }] = textsIn([listed({ address: null, number: null, body: null })]);
  expect(text).toMatchObject({ from: 'unknown', text: '' });
});
