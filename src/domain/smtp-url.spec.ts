import { describe, expect, it } from '@jest/globals';
import { readSmtpUrl } from './smtp-url.js';

describe('the URL of a mail server', () => {
  it.each([
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, secure: false, user: null, password: '' }],
    ['smtps://mail.example.com/', { host: 'mail.example.com', port: 465, secure: true, user: null, password: '' }],
    [
      'smtp://shop%40example.com:p%40ss%2Fw%C3%B6rd@mail.example.com:2525',
      { host: 'mail.example.com', port: 2525, secure: false, user: 'shop@example.com', password: 'p@ss/wörd' },
    ],
    ['smtp://[2001:db8::25]:25', { host: '2001:db8::25', port: 25, secure: false, user: null, password: '' }],
  ])('is %s', (text, server) => {
    expect(readSmtpUrl(text)).toEqual(server);
  });

  it.each([
    'mail.example.com',
    'http://mail.example.com',
    'smtp://',
    'smtp://user:p@ss@mail.example.com',
    'smtp://mail.example.com?tls.rejectUnauthorized=false',
    'smtp://mail.example.com/path',
    'smtp://mail.example.com:99999',
    'smtp://user:%FF@mail.example.com',
    'smtp://mail.example.com\r\n',
  ])('is not %j', (text) => {
    expect(readSmtpUrl(text)).toBeNull();
  });
});
