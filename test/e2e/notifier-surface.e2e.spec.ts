import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { QueueWorker } from '../../src/messages/queue.worker.js';
import type { PersonDoc } from '../../src/people/person.js';
import type { Answer, Api } from '../support/api.js';
import { ADMIN, TestGateway } from '../support/gateway.js';
import { addPerson, must, PASSWORD, type Person } from '../support/people.js';
import { createKey } from '../support/shop.js';
import { ThreeWays } from '../support/three-ways.js';
import { waitFor } from '../support/wait-for.js';

const NO_EMAIL = ['No email stored for this user. Use POST /preference/ endpoint to set email'];
const NO_PHONE = ['No phone number stored for this user. Use POST /preference/ endpoint to set phone'];
const NONE = [
  "Notification preference is saved as 'None' for this user.Use POST /preference/ endpoint to set a preference to email or sms",
];
const REQUIRED = { text: ['This field is required.'] };
const BLANK = 'This field may not be blank.';
const NULL = 'This field may not be null.';
const told = ({ status, body }: Answer) => [status, body];

describe('preferences and notifications to oneself, as the source system had them', () => {
  let ways: ThreeWays;
  let user: Person;
  let api: Api;
  beforeAll(async () => (ways = await ThreeWays.start()));
  beforeEach(async () => {
    user = await addPerson(ways.gateway, ways.admin, 'member');
    api = user.api;
  });
  afterAll(() => ways.stop());

  const fresh = () => ({ username: user.username, notify_pref: 'email', email: '', phone: null });
  const set = async (fields: object) => must(200, await api.post('/preference/', fields));
  const form = (path: string, fields: Record<string, string>) =>
    api.post(path, new URLSearchParams(fields).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  const sentTo = (to: string) => ways.messages({ to });

  it.each(['/preference/', '/preference', '/notify/', '/notify', '/sms/preference/', '/sms/notify?x=/'])(
    '%s shows a new user',
    async (path) => {
      expect(told(await api.get(path))).toEqual([200, fresh()]);
      // To look stores nothing.
      expect(await people()).toEqual([]);
    },
  );

  it('begins with the addresses of the account', async () => {
    must(200, await ways.admin.patch(`/admin/users/${user.id}`, { email: 'me@example.com', phone: '+84901234567' }));
    expect((await api.get('/preference')).body).toMatchObject({ email: 'me@example.com', phone: 84901234567 });
  });

  it('changes what it is given, and nothing else', async () => {
    const all = { notify_pref: 'sms', email: 'guy@example.com', phone: 15105552054 };
    expect(await set(all)).toEqual({ username: user.username, ...all });
    expect(await set({ notify_pref: 'None' })).toEqual({ username: user.username, ...all, notify_pref: 'None' });
    expect(await set({ username: 'other', phone: '15105552055', note: 1 })).toMatchObject({ phone: 15105552055 });
    expect(await set({ phone: null, email: '' })).toEqual({ ...fresh(), notify_pref: 'None' });
    for (const body of [undefined, {}, 'null']) expect(told(await api.post('/preference', body))[0]).toBe(200);
    expect((await form('/preference/', { notify_pref: 'email', phone: '84901234567' })).body).toEqual({
      ...fresh(),
      phone: 84901234567,
    });
    expect((await form('/preference/', { notify_pref: '', phone: '' })).body).toEqual(fresh());
    expect(await people()).toMatchObject([{ phone: null, email: null, preference: 'email' }]);
  });

  it('is told by the audit log', async () => {
    const audited = async (action: string) => {
      const { items } = must(200, await ways.admin.get(`/admin/audit-logs?action=${action}&limit=500`));
      return items
        .filter(({ actor_id }: { actor_id: string }) => actor_id === user.id)
        .map(({ data }: { data: object }) => data);
    };
    await set({ notify_pref: 'email', email: 'guy@example.com' });
    for (const nothing of [{}, { note: 1 }]) await set(nothing);
    const [person] = await people();
    expect(await audited('UPDATE_PERSON')).toEqual([{ person_id: person!._id, fields: ['email', 'preference'] }]);
    must(200, await api.post('/notify/', { text: 'To me' }));
    const { items } = must(200, await ways.admin.get('/notifications?limit=1'));
    expect(await audited('CREATE_NOTIFICATION')).toEqual([{ notification_id: items[0].notification_id }]);
    await set({ notify_pref: 'None' });
    must(200, await api.post('/notify/', { text: 'To nobody' }));
    expect(await audited('CREATE_NOTIFICATION')).toHaveLength(1);
  });

  it('keeps a number as E.164', async () => {
    await set({ phone: 15105552054 });
    expect(await people()).toMatchObject([{ phone: '+15105552054' }]);
  });

  it.each([
    [{ notify_pref: 'not_a_choice' }, { notify_pref: ['"not_a_choice" is not a valid choice.'] }],
    [{ notify_pref: 'none' }, { notify_pref: ['"none" is not a valid choice.'] }],
    [{ notify_pref: null }, { notify_pref: [NULL] }],
    [{ notify_pref: ['sms'] }, { notify_pref: ['"["sms"]" is not a valid choice.'] }],
    [{ email: 'invalid email address' }, { email: ['Enter a valid email address.'] }],
    [{ email: null }, { email: [NULL] }],
    [{ email: true }, { email: ['Not a valid string.'] }],
    [{ phone: 'invalid phone number' }, { phone: ['A valid integer is required.'] }],
    [{ phone: 1.5 }, { phone: ['A valid integer is required.'] }],
    [{ phone: true }, { phone: ['A valid integer is required.'] }],
    [{ phone: -5 }, { phone: ['Ensure this value is greater than or equal to 100000.'] }],
    [{ phone: 1e15 }, { phone: ['Ensure this value is less than or equal to 999999999999999.'] }],
    [
      { notify_pref: 'x', email: 'x', phone: 'x' },
      {
        notify_pref: ['"x" is not a valid choice.'],
        email: ['Enter a valid email address.'],
        phone: ['A valid integer is required.'],
      },
    ],
    [[], { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }],
    ['"x"', { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] }],
  ])('changes nothing for %j', async (body, errors) => {
    const before = await set({ notify_pref: 'sms', email: 'a@a.com', phone: 84901234567 });
    const wrong = Array.isArray(body) || typeof body === 'string' ? body : { email: 'b@b.com', ...body };
    expect(told(await api.post('/preference/', wrong))).toEqual([400, errors]);
    expect((await api.get('/preference/')).body).toEqual(before);
  });

  it('sends an e-mail by preference, and says where', async () => {
    const email = `${user.username}@example.com`;
    await set({ email });
    const answer = await api.post('/notify/', { title: ' Chào ', text: 'Body text example', more: 1 });
    expect(told(answer)).toEqual([200, { title: 'Chào', text: 'Body text example', email }]);
    await waitFor(() =>
      expect(ways.email.sent.at(-1)).toMatchObject({ to: email, subject: 'Chào', text: 'Body text example' }),
    );
    expect(told(await api.post('/notify', { text: 'No title' }))).toEqual([200, { text: 'No title', email }]);
  });

  it('sends an SMS whose first line is the title', async () => {
    await set({ notify_pref: 'sms', phone: 15105552060 });
    expect((await api.post('/notify/', { title: 'Title', text: 'Text' })).body).toEqual({
      title: 'Title',
      text: 'Text',
      phone: 15105552060,
    });
    ways.gateway.clock.advance(1);
    expect((await form('/notify/', { title: '', text: 'Only text', sendtime: '' })).body).toEqual({
      text: 'Only text',
      phone: 15105552060,
    });
    expect((await sentTo('+15105552060')).map(({ text }) => text)).toEqual(['Title\nText', 'Only text']);
  });

  it('sends at the time that it is told, to the address of now', async () => {
    await set({ notify_pref: 'sms', phone: 15105552061 });
    const at = new Date(ways.gateway.clock.now().getTime() + 3_600_000).toISOString().slice(0, 19);
    const local = `${at.replace('T', ' ')}+00:00`;
    const { body } = await api.post('/notify/', { text: 'later', sendtime: local });
    expect(body).toEqual({ text: 'later', sendtime: `${at}Z`, phone: 15105552061 });
    await set({ phone: 15105552062 });
    const [message] = await sentTo('+15105552061');
    expect(message).toMatchObject({ status: 'PENDING', schedule_at: new Date(`${at}Z`) });
    ways.gateway.clock.advance(3601);
    await ways.gateway.get(QueueWorker).run();
    await waitFor(() => expect(ways.sms.sent.at(-1)).toMatchObject({ to: '+15105552061', text: 'later' }));
    expect(await sentTo('+15105552062')).toEqual([]);
    // The token was for four hours.
    ways.gateway.clock.advance(-3601);
  });

  it.each([
    ['2021-09-06T15:52:10-07:00', '2021-09-06T22:52:10Z'],
    ['2021-09-06T15:52:10', '2021-09-06T15:52:10Z'],
    ['2021-09-06 15:52', '2021-09-06T15:52:00Z'],
    ['2021-09-06T15:52:10.250Z', '2021-09-06T15:52:10.250Z'],
  ])('sends at once at %s, which is past', async (sendtime, echoed) => {
    const email = `${user.username}@example.com`;
    await set({ email });
    expect((await api.post('/notify/', { text: 'now', sendtime })).body).toEqual({
      text: 'now',
      sendtime: echoed,
      email,
    });
    expect(await sentTo(email)).toMatchObject([{ schedule_at: null }]);
  });

  it.each([
    [undefined, REQUIRED],
    [{}, REQUIRED],
    [{ title: 'a' }, REQUIRED],
    [{ text: '' }, { text: [BLANK] }],
    [{ text: ' \n' }, { text: [BLANK] }],
    [{ text: null }, { text: [NULL] }],
    [{ text: false }, { text: ['Not a valid string.'] }],
    [{ text: 'a', title: '' }, { title: [BLANK] }],
    [{ text: 'a', title: 'x'.repeat(255) }, { title: ['Ensure this field has no more than 254 characters.'] }],
    [{ text: 'a', sendtime: 'soon' }, { sendtime: [expect.stringMatching(/^Datetime has wrong format\. Use one of/)] }],
    [{ text: 'a', sendtime: '2021-02-30T10:00' }, { sendtime: [expect.stringMatching(/^Datetime has wrong/)] }],
    [{ text: 'a', sendtime: '2021-09-06' }, { sendtime: [expect.stringMatching(/^Datetime has wrong/)] }],
    [{ text: 'a', sendtime: 5 }, { sendtime: [expect.stringMatching(/^Datetime has wrong/)] }],
  ])('tells what is wrong with %j before anything else', async (body, errors) => {
    for (const notify_pref of ['email', 'None']) {
      await set({ notify_pref });
      expect(told(await api.post('/notify/', body))).toEqual([400, errors]);
    }
  });

  it('takes a title of 254 characters and a number for a text', async () => {
    await set({ email: 'a@a.com' });
    const title = 'ữ'.repeat(254);
    expect((await api.post('/notify/', { title, text: 5 })).body).toMatchObject({ title, text: '5' });
  });

  it('says what it has no address for, and what None means', async () => {
    expect(told(await api.post('/notify/', { text: 'a' }))).toEqual([400, NO_EMAIL]);
    expect(await people()).toEqual([]);
    await set({ notify_pref: 'sms' });
    expect(told(await api.post('/notify/', { text: 'a' }))).toEqual([400, NO_PHONE]);
    await set({ notify_pref: 'push' });
    expect(told(await api.post('/notify/', { text: 'a' }))).toEqual([400, [expect.stringMatching(/^No device/)]]);
    await set({ notify_pref: 'None' });
    expect(told(await api.post('/notify/', { text: 'a' }))).toEqual([200, NONE]);
    await set({ notify_pref: 'sms', phone: 15105552063 });
    const long = await api.post('/notify/', { title: 'T', text: 'x'.repeat(1599) });
    expect(told(long)).toEqual([400, { text: ['Ensure this field has no more than 1600 characters.'] }]);
    expect(await sentTo('+15105552063')).toEqual([]);
  });

  it('knows users by password and by token, and shows them their own alone', async () => {
    const other = await addPerson(ways.gateway, ways.admin, 'viewer');
    await set({ email: 'mine@example.com' });
    must(200, await other.api.post('/preference/', { email: 'theirs@example.com' }));
    const basic = ways.gateway.api.withBasic(user.username, PASSWORD);
    expect((await basic.get('/preference/')).body).toMatchObject({
      username: user.username,
      email: 'mine@example.com',
    });
    expect((await other.api.get('/notify/')).body).toMatchObject({ email: 'theirs@example.com' });
  });

  it('tells of other errors in its shape', async () => {
    for (const anonymous of [ways.gateway.api.get('/preference/'), ways.gateway.api.post('/notify/', { text: 'a' })]) {
      const answer = await anonymous;
      expect(told(answer)).toEqual([401, { detail: 'Authentication credentials were not provided.' }]);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
    }
    const detail = { detail: expect.stringMatching(/\S/) };
    expect(told(await ways.gateway.api.withBasic(user.username, 'wrong-password').get('/notify/'))).toEqual([
      401,
      detail,
    ]);
    const key = ways.gateway.api.withKey((await createKey(ways.admin, ['notify:send'])).plain_key);
    expect(told(await key.get('/preference/'))).toEqual([403, detail]);
    for (const path of ['/preference', '/notify/']) expect(told(await api.put(path, {}))).toEqual([405, detail]);
    expect(told(await api.post('/notify/', '{"text":'))).toEqual([400, detail]);
    expect(told(await api.post('/notify/', 'a', { 'content-type': 'text/plain' }))).toEqual([415, detail]);
  });

  async function people(): Promise<PersonDoc[]> {
    return ways.gateway.store.collection<PersonDoc>('people').find({ user_id: user.id });
  }
});

describe('without a mail server', () => {
  it('says what to set up, and stores nothing', async () => {
    const gateway = await TestGateway.start();
    const api = gateway.api.withBasic(ADMIN.username, ADMIN.password);
    // Nor one that only pretends to send.
    must(200, await api.put('/admin/carriers/sandbox', { enabled: false }));
    must(200, await api.post('/preference/', { email: 'a@a.com' }));
    const { status, body } = await api.post('/notify/', { text: 'a' });
    expect([status, body]).toEqual([409, { detail: expect.stringContaining('PUT /admin/carriers/smtp') }]);
    expect(await gateway.store.collection('notifications').count({})).toBe(0);
    await gateway.stop();
  });
});
