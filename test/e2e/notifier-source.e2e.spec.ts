import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PersonDoc } from '../../src/people/person.js';
import { addPerson, must, type Person } from '../support/people.js';
import { ThreeWays } from '../support/three-ways.js';

const NOTICE = { title: 'Subject text example', text: 'Body text example', sendtime: '2021-09-06T15:52:10-07:00' };

/** What the source system promised in its own tests. */
describe('the source system of /preference/ and /notify/', () => {
  let ways: ThreeWays;
  let user: Person;
  beforeAll(async () => (ways = await ThreeWays.start()));
  beforeEach(async () => {
    await addPerson(ways.gateway, ways.admin, 'member');
    user = await addPerson(ways.gateway, ways.admin, 'member');
  });
  afterAll(() => ways.stop());

  const fresh = () => ({ username: user.username, notify_pref: 'email', email: '', phone: null });
  const change = (body?: object) => user.api.post('/preference/', body);
  const notify = (body?: object) => user.api.post('/notify/', body);
  const stored = async () =>
    (await ways.gateway.store.collection<PersonDoc>('people').find({ user_id: user.id })).at(-1);

  it('names both endpoints at its root', async () => {
    const { links } = must(200, await ways.gateway.api.get('/', { headers: { accept: 'application/json' } }));
    expect(links).toMatchObject({ preference: 'preference/', notify: 'notify/' });
  });

  it('shows the preferences of whoever has logged in', async () => {
    for (const path of ['/preference/', '/notify/']) expect(must(200, await user.api.get(path))).toEqual(fresh());
  });

  it('changes nothing without data', async () => {
    expect(must(200, await change())).toEqual(fresh());
  });

  it('changes the preference, to one of its choices', async () => {
    must(200, await change({ notify_pref: 'sms' }));
    expect((await stored())!.preference).toBe('sms');
    must(200, await change({ notify_pref: 'None' }));
    expect((await stored())!.preference).toBe('none');
    must(400, await change({ notify_pref: 'not_a_choice' }));
    expect((await stored())!.preference).toBe('none');
  });

  it('changes the e-mail address, to one that is valid', async () => {
    must(200, await change({ email: 'a@a.com' }));
    must(400, await change({ email: 'invalid email address' }));
    expect((await stored())!.email).toBe('a@a.com');
  });

  it('changes the phone, to a whole number', async () => {
    expect(must(200, await change({ phone: '123456789' })).phone).toBe(123456789);
    must(400, await change({ phone: 'invalid phone number' }));
    expect((await stored())!.phone).toBe('+123456789');
  });

  it('changes all at once', async () => {
    const all = { notify_pref: 'email', email: 'b@b.com', phone: 987654321 };
    expect(must(200, await change(all))).toEqual({ username: user.username, ...all });
  });

  it('needs a text', async () => {
    expect(must(400, await notify()).text).toEqual(['This field is required.']);
  });

  it('notifies by e-mail once there is an address', async () => {
    expect((await notify(NOTICE)).status).toBe(400);
    must(200, await change({ email: 'a@a.com' }));
    expect((await notify(NOTICE)).status).toBe(200);
  });

  it('notifies by SMS once there is a number', async () => {
    must(200, await change({ notify_pref: 'sms' }));
    expect((await notify(NOTICE)).status).toBe(400);
    must(200, await change({ phone: '1234567890' }));
    expect((await notify(NOTICE)).status).toBe(200);
  });

  it('says why it does not notify who prefers that', async () => {
    must(200, await change({ notify_pref: 'None' }));
    expect(must(200, await notify(NOTICE))).toEqual([
      "Notification preference is saved as 'None' for this user.Use POST /preference/ endpoint to set a preference to email or sms",
    ]);
  });
});
