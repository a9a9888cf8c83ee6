import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { csvText } from '../../src/common/csv/csv-text.js';
import type { Answer } from '../support/api.js';
import { csvOf, importCsv, toShop, worked } from '../support/csv.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { optOutsOf } from '../support/opt-outs.js';
import { must } from '../support/people.js';
import { messagesOf } from '../support/sending.js';
import { openShop, type Shop } from '../support/shop.js';

const UTF8 = Buffer.from([0xef, 0xbb, 0xbf]);
const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();
const LE = Buffer.from([0xff, 0xfe]);
const BE = Buffer.from([0xfe, 0xff]);

describe('CSV files as people have them', () => {
  let gateway: TestGateway;
  let shop: Shop;

  beforeAll(async () => {
    gateway = await TestGateway.start({ ANTI_DUP_MINUTES: '0' });
    shop = await openShop(gateway, { dailyLimit: 100_000 });
  });
  afterAll(() => gateway.stop());

  async function sent(csv: string | Uint8Array, extra: Record<string, string> = {}): Promise<[string, string][]> {
    const done = await worked(gateway, shop.client, await importCsv(shop.client, csv, toShop(shop, extra)));
    const messages = [];
    for (const id of done.request_ids) messages.push(...(await messagesOf(shop.client, id)));
    return messages.map(({ to, text }) => [to, text.replace('Ma OTP ', '')]);
  }
  const optOut = (csv: string | Uint8Array): Promise<Answer> =>
    shop.admin.call('POST', '/opt-outs/import', undefined, {
      body: csv as NonNullable<RequestInit['body']>,
      headers: { 'content-type': 'text/csv' },
    });
  const lineOf = async (csv: string, extra: Record<string, string> = {}) => {
    const refused = await importCsv(shop.client, csv, toShop(shop, extra));
    expectError(refused, 400, 'bad_lines');
    return refused.body.details[0].field;
  };

  describe('with a line sep=', () => {
    it.each([
      ['a semicolon', 'sep=;\r\nto;CODE\r\n0901234567;a,b\r\n'],
      ['a comma', 'SEP=,\nto,CODE\n0901234567,"a,b"\n'],
      ['a tab', 'sep=\t\nto\tCODE\n0901234567\ta,b\n'],
      ['a tab in two letters', 'sep=\\t\nto\tCODE\n0901234567\ta,b\n'],
      ['quotes', '"sep=;"\rto;CODE\r0901234567;a,b\r'],
      ['a byte-order mark', '\ufeffsep=;\nto;CODE\n0901234567;a,b\n'],
      ['a byte-order mark and quotes', '\ufeff"sep=;"\n"to";"CODE"\n"0901234567";"a,b"\n'],
      ['cells of its own', 'sep=;;;\nto;CODE\n0901234567;a,b\n'],
      ['blank lines before it', '\n\nsep=;\n\nto;CODE\n0901234567;a,b\n'],
    ])('that has %s are read as it says', async (_, csv) => {
      expect(await sent(csv)).toEqual([['+84901234567', 'a,b']]);
    });

    it('keep the numbers of their lines', async () => {
      expect(await lineOf('sep=;\nto;CODE\n0901234567;1\nnobody;2\n')).toBe('lines.4.to');
      expect(await lineOf('\n\nsep=;\n\nto;CODE\n"0901234567";"a\nb"\nnobody;2\n')).toBe('lines.8.to');
      expect(await lineOf('sep=|\nto;CODE\nnobody;2\n', { delimiter: ';' })).toBe('lines.3.to');
      const quotes = await importCsv(shop.client, 'sep=;\nto;CODE\n0901234567;"1"x\n', toShop(shop));
      expectError(quotes, 400, 'bad_quotes', 'lines.3');
    });

    it('that names nothing we know are refused', async () => {
      const refused = await importCsv(shop.client, 'sep=:\nto:CODE\n0901234567:1\n', toShop(shop));
      expectError(refused, 400, 'bad_delimiter', 'lines.1');
    });

    it('can hold opt-outs', async () => {
      expect(must(200, await optOut('\ufeffsep=;\r\nnumber;reason\r\n0905000001;"a;b"\r\n'))).toMatchObject({
        added: 1,
      });
      expect(await optOutsOf(shop.admin, '0905000001')).toMatchObject([{ reason: 'a;b' }]);
    });
  });

  describe('with any line ends', () => {
    it('such as a CR alone are read in one go', async () => {
      const done = await worked(
        gateway,
        shop.client,
        await importCsv(shop.client, csvOf(5000).replaceAll('\n', '\r'), toShop(shop)),
      );
      expect(done).toMatchObject({ total_messages: 5000, total_created: 5000, total_bad: 0 });
      expect((await messagesOf(shop.client, done.request_ids[4])).slice(0, 1)).toMatchObject([
        { to: '+84901004000', text: 'Ma OTP 4000' },
      ]);
      expect(await lineOf(`${csvOf(20).replaceAll('\n', '\r')}\rnobody,1\r`)).toBe('lines.22.to');
    });

    it('are read when they are mixed, also inside a cell', async () => {
      const csv = 'to,CODE\r0901234567,1\n0901234568,"a\rb\r\nc\nd"\r\n0901234569,3\r\r0901234560,4';
      expect(await sent(csv)).toEqual([
        ['+84901234567', '1'],
        ['+84901234568', 'a\nb\nc\nd'],
        ['+84901234569', '3'],
        ['+84901234560', '4'],
      ]);
      expect(await lineOf('to,CODE\r0901234567,"a\rb\r\nc"\r\n\rnobody,3\r')).toBe('lines.6.to');
    });

    it('are the same wherever a piece of the file ends', async () => {
      const bytes = Buffer.concat([UTF8, Buffer.from('sep=;\r\nto;é\r1;2\n\r\n"a\r\nb";€\r')]);
      const read = async (pieces: Iterable<Buffer>) => {
        let text = '';
        for await (const piece of csvText(stream(pieces))) text += piece;
        return text;
      };
      const whole = await read([bytes]);
      expect(whole).toBe('sep=;\nto;é\n1;2\n\n"a\nb";€');
      for (let size = 1; size < bytes.length; size++) expect(await read(inPieces(bytes, size))).toBe(whole);
      const wide = Buffer.concat([LE, utf16le('sep=;\r\nto;😀\r1;2\n\r\n"a\r\nb";€\r')]);
      const wideWhole = await read([wide]);
      for (let size = 1; size < wide.length; size++) expect(await read(inPieces(wide, size))).toBe(wideWhole);
    });

    it('have no line that is longer than allowed', async () => {
      const refused = await importCsv(shop.client, `to,CODE\r0901234567,${'x'.repeat(70_000)}\r`, toShop(shop));
      expectError(refused, 400, 'line_too_long', 'lines.2');
    });
  });

  describe('in an encoding', () => {
    const csv = 'to,CODE\r\n0901234567,Đừng 😀\r\n';
    it.each([
      ['UTF-8 with a byte-order mark', Buffer.concat([UTF8, Buffer.from(csv)])],
      ['UTF-16 LE with one', Buffer.concat([LE, utf16le(csv)])],
      ['UTF-16 BE with one', Buffer.concat([BE, utf16be(csv)])],
    ])('%s are read', async (_, bytes) => {
      expect(await sent(bytes)).toEqual([['+84901234567', 'Đừng 😀']]);
      const numbers = Buffer.from(bytes);
      expectError(await optOut(numbers), 400, 'missing_column');
    });

    it('UTF-16 of Excel, with tabs, are read', async () => {
      const file = Buffer.concat([LE, utf16le(csvOf(500).replaceAll(',', '\t').replaceAll('\n', '\r\n'))]);
      expect(await sent(file)).toHaveLength(500);
      expect(must(200, await optOut(Buffer.concat([LE, utf16le('number\r\n0905000002\r\n')])))).toMatchObject({
        added: 1,
      });
    });

    it.each<[string, Uint8Array, string, RegExp]>([
      ['UTF-16 LE without a mark', utf16le(csvOf(2)), 'lines.1', /Column 2 has the character NUL.*UTF-16/],
      ['UTF-16 BE without a mark', utf16be(csvOf(2)), 'lines.1', /Column 1 has the character NUL/],
      ['Latin-1', Buffer.from('to,CODE\r0901234567,ok\r0901234568,caf\xe9\r', 'latin1'), 'lines.3', /Column 15 is no/],
      [
        'Latin-1 behind UTF-8',
        Buffer.concat([Buffer.from('to,CODE\n0901234567,Đ😀'), Buffer.from('\xe9x', 'latin1')]),
        'lines.2',
        /Column 14 is no/,
      ],
      [
        'half a character of UTF-16',
        Buffer.concat([LE, utf16le('to,CODE\n0901234567,a\ud800b\n')]),
        'lines.2',
        /Column 13/,
      ],
      [
        'half a unit of UTF-16',
        Buffer.concat([LE, utf16le('to,CODE\n0901234567,a'), Buffer.from('x')]),
        'lines.2',
        /13/,
      ],
      ['UTF-32', Buffer.from('\xff\xfe\0\0t\0\0\0', 'latin1'), 'lines.1', /Column 1 has the character NUL/],
    ])('%s are refused, and told where', async (_, bytes, field, words) => {
      const refused = await importCsv(shop.client, bytes, toShop(shop));
      expectError(refused, 400, 'not_utf8', field);
      expect(refused.body.message).toMatch(words);
      expect(refused.body.message).toContain('Save the file as UTF-8');
      if (field === 'lines.1') expectError(await optOut(bytes), 400, 'not_utf8', field);
    });
  });

  describe('with cells', () => {
    const cellsOf = async (csv: string, extra: Record<string, string> = {}) => {
      const refused = await importCsv(shop.client, csv, toShop(shop, extra));
      expectError(refused, 400, 'bad_lines');
      return refused.body.details as { field: string; message: string }[];
    };

    it('that begin with an apostrophe are read without it where it keeps them text', async () => {
      const csv = `phone,CODE\n'0901234567,111\n'+84901234568,'=1+1\n"=""0901234569""",''=1\n0901234560,'s morgens\n`;
      expect(await sent(csv)).toEqual([
        ['+84901234567', '111'],
        ['+84901234568', '=1+1'],
        ['+84901234569', "'=1"],
        ['+84901234560', "'s morgens"],
      ]);
      expect(must(200, await optOut(`number,reason\n'0905000003,'=1;'-2\n'+84905000004,'n\n`)).added).toBe(2);
      expect(await optOutsOf(shop.admin, '0905000003')).toMatchObject([{ reason: '=1;-2' }]);
      expect(await optOutsOf(shop.admin, '0905000004')).toMatchObject([{ reason: "'n" }]);
    });

    it('that are left out at the end of a line are empty, unless they are needed', async () => {
      const csv = 'phone,CODE,note,more\r\n0901234567,1,vip,x\r\n0901234568,2,vip\r\n0901234569,3\r\n';
      expect((await sent(csv)).map(([, text]) => text)).toEqual(['1', '2', '3']);
      expect(await cellsOf('phone,note,CODE\n0901234567,x\n0901234568\n0901234569,x,1,\n')).toEqual([
        { field: 'lines.2', message: 'has 2 cells, and the header has 3' },
        { field: 'lines.3', message: 'has 1 cells, and the header has 3' },
        { field: 'lines.4', message: 'has 4 cells, and the header has 3' },
      ]);
      expect(must(200, await optOut('number,sender,reason\n0905000005\n')).added).toBe(1);
    });

    it('under headers that nobody reads may have one header twice', async () => {
      const csv = 'note,to,Note,CODE,,\na,0901234567,b,1,c,d\n';
      expect(await sent(csv)).toEqual([['+84901234567', '1']]);
      expect(await sent('to,To,phone,CODE\na,b,0901234567,1\n', { to_column: 'phone' })).toHaveLength(1);
      for (const [used, extra] of [
        ['to,to,CODE', {}],
        ['to,CODE,code', {}],
        ['to,CODE,phone,Phone', { to_column: 'phone' }],
        ['to,a,a', { variables: '{"CODE":"a"}' }],
      ] as const)
        expectError(
          await importCsv(shop.client, `${used}\n0901234567,1,2,3\n`, toShop(shop, extra)),
          400,
          'duplicate_header',
          'lines.1',
        );
      expectError(await optOut('number,reason,Number\n0905000006,x,0905000007\n'), 400, 'duplicate_header', 'lines.1');
    });

    it('that hold the error of a spreadsheet, or the nothing of a program, are bad', async () => {
      // prettier-ignore
      const bad = [
        '#N/A', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '#NULL!', '#NUM!', '#SPILL!', '#CALC!', '#GETTING_DATA', '#n/a', ' #N/A ',
        '#NV', '#N/D', '#WERT!', '#¿NOMBRE?', '#ЗНАЧ!', 'Err:502', 'NULL', 'null', 'nULL', 'NaN', 'nan', 'NAN', 'Nan',
      ];
      const details = await cellsOf(`to,CODE\n${bad.map((cell) => `0901234567,${cell}\n`).join('')}`);
      expect(details.map(({ field }) => field)).toEqual(bad.map((_, i) => `lines.${i + 2}.variables.CODE`));
      for (const [i, cell] of bad.entries()) expect(details[i]!.message).toContain(`is ${cell.trim()}, which a `);
      const [number] = await cellsOf('to,CODE\n#N/A,1\n');
      expect(number).toMatchObject({ field: 'lines.2.to', message: expect.stringContaining('spreadsheet') });
      const good = ['Null', '#1', '#SALE!', 'Nana', 'nullable', 'N/A', 'None', 'n/a #N/A'];
      const csv = `to,CODE,other\n${good.map((cell) => `0901234567,${cell},#N/A\n`).join('')}`;
      expect((await sent(csv)).map(([, text]) => text)).toEqual(good);
    });
  });

  it.each([
    ['.xlsx', 'PK\x03\x04\x14\0'],
    ['.xls', '\xd0\xcf\x11\xe0\xa1\xb1'],
    ['PDF', '%PDF-1.7'],
    ['gzip', '\x1f\x8b\x08\0'],
  ])('that are none are refused by name: %s', async (name, start) => {
    const bytes = Buffer.from(start + 'x'.repeat(500), 'latin1');
    for (const refused of [await importCsv(shop.client, bytes, toShop(shop)), await optOut(bytes)]) {
      expectError(refused, 400, 'not_csv', 'file');
      expect(refused.body.message).toContain(name);
      expect(refused.body.message).toContain('save it as CSV');
    }
  });
});

async function* stream(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* pieces;
}

function* inPieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
