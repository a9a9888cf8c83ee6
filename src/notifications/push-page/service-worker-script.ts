import type { WebConfig } from '../../domain/firebase.js';
import { FIREBASE_SCRIPTS } from './firebase-scripts.js';

/**
 * What runs in a browser while no page of ours is open; Firebase's script shows the push. A worker has to say while it starts what it
 * listens to, so the configuration is in it.
 */
export function serviceWorkerScript(config: WebConfig): string {
  return `importScripts(${FIREBASE_SCRIPTS.map((url) => JSON.stringify(url)).join(', ')});
firebase.initializeApp(${JSON.stringify(config)});
firebase.messaging();
`;
}
