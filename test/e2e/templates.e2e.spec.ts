import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { addTenant, must } from '../support/people.js';
import { createKey } from '../support/shop.js';

describe('templates', () => {
  let gateway: TestGateway;
  let admin: Api;
  let acme: Api;
  let client: Api;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    admin = await gateway.admin();
    acme = (await addTenant(gateway, admin, 'acme')).admin.api;
    client = gateway.api.withKey((await createKey(admin, ['sms:send', 'sms:read'])).plain_key);
  });
  afterAll(() => gateway.stop());

  const create = async (content = 'Ma OTP {CODE}') =>
    must(201, await admin.post('/templates', { name: 'otp', content }));
  const approve = async (id: string) => must(200, await admin.post(`/templates/${id}/approve`));
  const get = async (id: string) => must(200, await admin.get(`/templates/${id}`));

  it('are unapproved when they are new', async () => {
    const { id: me } = (await admin.get('/auth/me')).body;
    const template = await create();
    expect(template).toEqual({
      id: expect.stringMatching(/^tpl_/),
      name: 'otp',
      content: 'Ma OTP {CODE}',
      encoding: 'auto',
      ignores_opt_outs: false,
      variables: ['CODE'],
      is_approved: false,
      approved_at: null,
      approved_by: null,
      version: 1,
      created_by: me,
      created_at: '2126-11-21T10:00:00.000Z',
      updated_at: '2126-11-21T10:00:00.000Z',
    });
    expect(await get(template.id)).toEqual(template);
  });

  it.each([
    ['{B} {A} {B} {A_1}', ['A', 'A_1', 'B']],
    ['{code} {Code} { CODE } {} {A-B} {{A}}', ['A']],
    ['nothing', []],
    ['{9}{_}', ['9', '_']],
  ])('name their variables once, sorted: %s', async (content, variables) => {
    expect((await create(content)).variables).toEqual(variables);
  });

  it('are listed when approved, unless asked otherwise', async () => {
    const { id: open } = await create();
    const { id: done } = await create();
    await approve(done);
    const ids = async (query: string) =>
      must(200, await admin.get(`/templates${query}`)).items.map((t: { id: string }) => t.id);
    for (const query of ['', '?approved=1', '?approved=true']) {
      expect(await ids(query)).toContain(done);
      expect(await ids(query)).not.toContain(open);
    }
    for (const query of ['?approved=0', '?approved=false']) {
      expect(await ids(query)).toContain(open);
      expect(await ids(query)).not.toContain(done);
    }
    expect((await ids('?approved=all')).slice(0, 2)).toEqual([done, open]);
    expectError(await admin.get('/templates?approved=2'), 400, 'invalid_request', 'approved');
  });

  it('are listed page by page', async () => {
    const made = [(await create()).id, (await create()).id, (await create()).id];
    const first = must(200, await admin.get('/templates?approved=0&limit=2'));
    const second = must(200, await admin.get(`/templates?approved=0&limit=2&cursor=${first.next}`));
    const ids = [...first.items, ...second.items].map((t: { id: string }) => t.id);
    expect(ids.slice(0, 3)).toEqual(made.toReversed());
    expect(first.count).toBe(2);
    expect(must(200, await admin.get('/templates?approved=0&limit=1&skip=1')).items[0].id).toBe(ids[1]);
  });

  it('are approved by somebody, at a time', async () => {
    const { id: me } = (await admin.get('/auth/me')).body;
    const { id } = await create();
    gateway.clock.advance(60);
    const approved = await approve(id);
    expect(approved).toMatchObject({ is_approved: true, approved_by: me, approved_at: '2126-11-21T10:01:00.000Z' });
    expect(await get(id)).toEqual(approved);
    gateway.clock.advance(-60);
  });

  it('lose the approval with new content', async () => {
    const { id } = await create();
    await approve(id);
    const changed = must(200, await admin.put(`/templates/${id}`, { content: '{B}{A}' }));
    expect(changed).toMatchObject({
      content: '{B}{A}',
      variables: ['A', 'B'],
      is_approved: false,
      approved_at: null,
      approved_by: null,
      version: 2,
    });
    expect(await get(id)).toEqual(changed);
  });

  it('keep the approval with a new name, or with the content they have', async () => {
    const { id, content } = await create();
    await approve(id);
    for (const change of [{ name: 'renamed' }, { content }, { name: 'again', content }]) {
      expect(must(200, await admin.put(`/templates/${id}`, change))).toMatchObject({ is_approved: true, version: 1 });
    }
    expect((await get(id)).name).toBe('again');
  });

  it('are approved only as they were read', async () => {
    const { id, version } = await create();
    must(200, await admin.put(`/templates/${id}`, { content: 'Something else {CODE}' }));
    expectError(await admin.post(`/templates/${id}/approve`, { version }), 409, 'template_changed');
    expect((await get(id)).is_approved).toBe(false);
    expect(must(200, await admin.post(`/templates/${id}/approve`, { version: 2 })).is_approved).toBe(true);
    for (const wrong of ['2', 0, 1.5, null])
      expectError(await admin.post(`/templates/${id}/approve`, { version: wrong }), 400, 'invalid_request', 'version');
  });

  it('are never approved with a content that nobody has seen', async () => {
    for (let i = 0; i < 10; i++) {
      const { id } = await create();
      await Promise.all([
        admin.put(`/templates/${id}`, { content: `new ${i}` }),
        admin.post(`/templates/${id}/approve`, { version: 1 }),
      ]);
      const { content, is_approved } = await get(id);
      expect([content, is_approved]).toEqual(content === `new ${i}` ? [content, false] : ['Ma OTP {CODE}', true]);
    }
  });

  it('are gone when deleted', async () => {
    const { id } = await create();
    expect(must(200, await admin.delete(`/templates/${id}`))).toEqual({ status: 'ok' });
    expectError(await admin.get(`/templates/${id}`), 404, 'template_not_found');
    expectError(await admin.put(`/templates/${id}`, { name: 'x' }), 404, 'template_not_found');
    expectError(await admin.post(`/templates/${id}/approve`), 404, 'template_not_found');
    expectError(await admin.post(`/templates/${id}/preview`, {}), 404, 'template_not_found');
    expectError(await admin.delete(`/templates/${id}`), 404, 'template_not_found');
  });

  it.each([
    [{ name: 'a' }, ['content']],
    [{}, ['content', 'name']],
    [{ name: ' ', content: ' \n' }, ['content', 'name']],
    [{ name: 1, content: ['a'] }, ['content', 'name']],
    [{ name: 'a', content: 'a'.repeat(10_001) }, ['content']],
    [{ name: 'a', content: 'b', is_approved: true }, ['is_approved']],
  ])('are refused when %j is wrong', async (body, fields) => {
    expectError(await admin.post('/templates', body), 400, 'invalid_request', ...fields);
  });

  it('can be read by keys, not written', async () => {
    const { id } = await create();
    await approve(id);
    expect(must(200, await client.get('/templates')).items[0].id).toBe(id);
    expect(must(200, await client.get(`/templates/${id}`)).id).toBe(id);
    expect((await client.post(`/templates/${id}/preview`, { variables: { CODE: 1 } })).status).toBe(200);
    expectError(await client.post('/templates', { name: 'a', content: 'b' }), 403, 'forbidden');
    expectError(await client.put(`/templates/${id}`, { name: 'a' }), 403, 'forbidden');
    expectError(await client.post(`/templates/${id}/approve`), 403, 'forbidden');
    expectError(await client.delete(`/templates/${id}`), 403, 'forbidden');
  });

  it('of another tenant don’t exist', async () => {
    const { id } = await create();
    await approve(id);
    expectError(await acme.get(`/templates/${id}`), 404, 'template_not_found');
    expectError(await acme.put(`/templates/${id}`, { content: 'mine' }), 404, 'template_not_found');
    expectError(await acme.post(`/templates/${id}/approve`), 404, 'template_not_found');
    expectError(await acme.post(`/templates/${id}/preview`, {}), 404, 'template_not_found');
    expectError(await acme.delete(`/templates/${id}`), 404, 'template_not_found');
    expect((await acme.get('/templates?approved=all')).body.items).toEqual([]);
    expect(await get(id)).toMatchObject({ content: 'Ma OTP {CODE}', is_approved: true });
  });

  describe('preview', () => {
    const preview = async (content: string, variables: unknown) =>
      admin.post(`/templates/${(await create(content)).id}/preview`, { variables });

    it.each([
      ['Ma OTP {CODE}', { CODE: '123456' }, 'Ma OTP 123456', 'GSM-7', 1],
      ['{A} {B} {A} {code}', { A: 1, B: true, EXTRA: 'x' }, '1 true 1 {code}', 'GSM-7', 1],
      ['{A}', { A: '{B}', B: 'no' }, '{B}', 'GSM-7', 1],
      ['{A}', { A: '$& $1' }, '$& $1', 'GSM-7', 1],
      ['{A}', { A: '' }, '', 'GSM-7', 1],
      ['{A}', { A: 'a'.repeat(160) }, 'a'.repeat(160), 'GSM-7', 1],
      ['{A}', { A: 'a'.repeat(161) }, 'a'.repeat(161), 'GSM-7', 2],
      ['{A}', { A: '€'.repeat(80) }, '€'.repeat(80), 'GSM-7', 1],
      ['{A}', { A: 'Mã OTP' }, 'Mã OTP', 'UCS-2', 1],
      ['{A}', { A: 'ạ'.repeat(70) }, 'ạ'.repeat(70), 'UCS-2', 1],
      ['{A}', { A: 'ạ'.repeat(71) }, 'ạ'.repeat(71), 'UCS-2', 2],
    ])('of %s with %j', async (content, variables, text, encoding, segments) => {
      const answer = must(200, await preview(content, variables));
      expect(answer).toMatchObject({ text, length: text.length, encoding, segments });
    });

    it('counts an emoji as one character', async () => {
      expect(must(200, await preview('{A}', { A: '👍' }))).toMatchObject({ length: 1, encoding: 'UCS-2', segments: 1 });
    });

    it.each([
      ['absent', {}],
      ['null', { CODE: null }],
      ['in lower case', { code: 1 }],
    ])('names a variable that is %s', async (_, variables) => {
      const answer = await preview('Ma OTP {CODE}', variables);
      expectError(answer, 400, 'invalid_request', 'variables.CODE');
      expect(answer.body.message).toContain('Missing variable CODE');
    });

    it.each([
      ['variables', 'text'],
      ['variables', []],
      ['variables.CODE', { CODE: {} }],
      ['variables.CODE', { CODE: ['1'] }],
    ])('refuses wrong %s: %j', async (field, variables) => {
      expectError(await preview('Ma OTP {CODE}', variables), 400, 'invalid_request', field);
    });
  });
});
