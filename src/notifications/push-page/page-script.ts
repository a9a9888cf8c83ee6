/** The script of the page, for browsers: all its words and addresses come from the page. */
export const PAGE_SCRIPT = `'use strict';
(() => {
  const here = document.currentScript.src;
  const part = (name) => document.getElementById('push-' + name);
  const section = document.getElementById('push');
  const words = section.dataset;

  function say(state, detail) {
    part('state').textContent = detail ? words[state] + ' ' + detail : words[state];
  }

  function obstacle() {
    if (!window.isSecureContext) return 'https';
    const parts = ['Notification', 'PushManager'].every((name) => name in window) && 'serviceWorker' in navigator;
    return parts ? null : 'unsupported';
  }

  function load(src) {
    return new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = src;
      script.onload = resolve;
      script.onerror = () => reject({ state: 'unloaded' });
      document.head.append(script);
    });
  }

  let messaging;
  async function start() {
    const answer = await fetch(new URL('config.json', here));
    const config = await answer.json();
    if (!answer.ok) throw new Error(config.message);
    for (const src of words.scripts.split(' ')) await load(src);
    firebase.initializeApp(config);
    messaging = firebase.messaging();
    messaging.onMessage(show);
    return config;
  }

  let started;
  async function register() {
    const found = obstacle();
    if (found) return say(found);
    const permission = await Notification.requestPermission();
    if (permission !== 'granted') return say(permission === 'denied' ? 'denied' : 'undecided');
    part('allow').disabled = true;
    say('waiting');
    try {
      const { vapidKey } = await (started ??= start());
      const script = new URL('../firebase-messaging-sw.js', here);
      await navigator.serviceWorker.register(script, { scope: new URL('./', script).pathname });
      // Firebase takes only a worker that is active by now.
      const options = { serviceWorkerRegistration: await navigator.serviceWorker.ready };
      part('token').value = await messaging.getToken(vapidKey ? { ...options, vapidKey } : options);
      part('registered').hidden = false;
      say('registered');
    } catch (error) {
      started = messaging && started;
      if (error.state) say(error.state);
      else say('failed', error.message);
    } finally {
      part('allow').disabled = false;
    }
  }

  function show({ notification, data }) {
    const { title, body } = notification ?? data ?? {};
    const item = document.createElement('li');
    item.textContent = [title, body].filter(Boolean).join(': ') || JSON.stringify(data);
    part('received').prepend(item);
  }

  async function copy() {
    part('token').select();
    await navigator.clipboard.writeText(part('token').value);
    say('copied');
  }

  async function useForMine() {
    const answer = await fetch(new URL('devices', here), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: part('token').value }),
    });
    if (answer.ok) say('tied');
    else say('untied', (await answer.json()).message);
  }

  part('allow').addEventListener('click', register);
  part('copy').addEventListener('click', copy);
  part('mine')?.addEventListener('click', useForMine);
  const found = obstacle();
  if (found) say(found);
  else if (Notification.permission === 'granted') register();
  else if (Notification.permission === 'denied') say('denied');
})();
`;
