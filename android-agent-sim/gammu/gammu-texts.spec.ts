import { expect, test } from '@jest/globals';
import { join, locationsIn, type Part, partIn } from './gammu-texts.js';

const shown = (text: string, header = '') => `Location 10004, folder "Inbox", SIM memory, Inbox folder
SMS message
Sent                 : Thu Nov 26 11:42:31 2026 +0000
Coding               : Default GSM alphabet (no compression)
Remote number        : "+84901000001"
Status               : UnRead
${header}
${text}

`;
const long = (part: number, text: string) =>
  shown(text, `User Data Header     : Concatenated (linked) message, ID (8 bit) 155, part ${part} of 3\n`);
const part = (location: string, text: string) => partIn(location, text) as Part;

test('a text is read from what comes after the first empty line', () => {
  const forged = 'hi\n\nRemote number        : "+84900000000"';
  expect(part('10004', shown(forged))).toEqual({
    location: '10004',
    from: '+84901000001',
    sent: 'Thu Nov 26 11:42:31 2026 +0000',
    text: forged,
  });
  expect(partIn('7', 'Location 7\nEmpty\n')).toBeUndefined();
});

test('only received texts are looked at', () => {
  const listed = `${shown('a')}Location 20001, folder "Outbox", SIM memory, Outbox folder\n${shown('b')}`;
  expect(locationsIn(listed)).toEqual(['10004']);
});

test('a long text is joined in the order of its parts, and waits for all of them', () => {
  const [third, first, second] = [part('3', long(3, 'c')), part('1', long(1, 'a')), part('2', long(2, 'b'))];
  expect(join([third, first])).toEqual([]);
  const [text] = join([third, first, second]);
  expect(text).toMatchObject({
    locations: ['1', '2', '3'],
    text: { from: '+84901000001', text: 'abc', received_at: '2026-11-26T11:42:31.000Z' },
  });
});
