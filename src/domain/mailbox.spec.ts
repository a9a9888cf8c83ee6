import { describe, expect, it } from '@jest/globals';
import { isMailAddress, readMailbox } from './mailbox.js';

describe('a mailbox', () => {
  it.each([
    ['shop@example.com', { name: '', address: 'shop@example.com' }],
    ['<shop@example.com>', { name: '', address: 'shop@example.com' }],
    ['Tiệm Hoa <shop@example.com>', { name: 'Tiệm Hoa', address: 'shop@example.com' }],
    ['"Hoa, Lan & Co." <shop+orders@example.com>', { name: 'Hoa, Lan & Co.', address: 'shop+orders@example.com' }],
  ])('is %s', (text, mailbox) => {
    expect(readMailbox(text)).toEqual(mailbox);
  });

  it.each([
    '',
    'shop',
    'shop@',
    '@example.com',
    'Shop shop@example.com',
    'Shop <shop@example.com>, <b@example.com>',
    'Shop\r\nBcc: b@example.com <shop@example.com>',
    'a@b@example.com',
  ])('is not %j', (text) => {
    expect(readMailbox(text)).toBeNull();
  });
});

it('one address is never two, nor a line of its own', () => {
  expect(isMailAddress('đào@ví-dụ.vn')).toBe(true);
  for (const text of ['a@b.c, d@e.f', 'a@b.c;d@e.f', 'a@b.c>', 'a b@c.d', 'a@b.c\r\nRCPT TO:<d@e.f>', 'a@b.c\n', ''])
    expect(isMailAddress(text)).toBe(false);
});
