import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from '../support/self-signed.js';

const APP = `self.firebase = { initializeApp: (config) => { self.firebase.config = config; } };`;

/** In a page it calls Google for a token, as Firebase does; in a worker it tells with what it was started. */
const MESSAGING = `self.firebase.messaging = () => {
  if (!self.document) {
    self.addEventListener('message', ({ ports }) => ports[0].postMessage(self.firebase.config));
    return {};
  }
  return {
    onMessage: (show) => { self.pushed = show; },
    async getToken({ vapidKey, serviceWorkerRegistration: { active, scope } }) {
      if (!active) throw new Error('no active Service Worker');
      const answer = await fetch('https://fcmregistrations.googleapis.com/v1/' + self.firebase.config.projectId);
      return [await answer.text(), vapidKey, new URL(scope).pathname].join(':');
    },
  };
};`;

/** Stands for the hosts of Google from which a browser takes Firebase's scripts and its token. */
export class FirebaseScripts {
  readonly asked: string[] = [];
  isDown = false;
  private readonly server = createServer(selfSigned(), (request, response) => {
    const { host } = request.headers;
    this.asked.push(`${host}${request.url}`);
    const isScript = host === 'www.gstatic.com';
    const body = isScript ? (request.url!.includes('-app-') ? APP : MESSAGING) : `token:${request.url!.slice(4)}`;
    response.statusCode = this.isDown ? 503 : 200;
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/plain');
    response.end(body);
  });

  async start(): Promise<this> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
