import {
  laterByLoad,
  refusedRecipient,
  refusedRoute,
  type ErrorCatalogue,
  type ProviderError,
} from '../provider-errors.js';

const held = (wait: number, reason: string): ProviderError => ({
  kind: 'later',
  cause: 'failure',
  account: true,
  wait,
  reason,
});

/** The codes of Firebase Cloud Messaging, and the general ones of Google's services. */
export const FCM_ERRORS: ErrorCatalogue = {
  INVALID_ARGUMENT: refusedRecipient('Firebase does not take the push: its target is not valid for this project'),
  NOT_FOUND: refusedRoute('Firebase does not know the project; look at project_id'),
  PERMISSION_DENIED: held(300, 'The service account may not send pushes of this project, or its API is switched off'),
  QUOTA_EXCEEDED: laterByLoad('Firebase takes no more pushes at the moment', 60),
  RESOURCE_EXHAUSTED: laterByLoad('Firebase takes no more pushes at the moment', 60),
  SENDER_ID_MISMATCH: refusedRoute('The device has registered with another Firebase project'),
  THIRD_PARTY_AUTH_ERROR: {
    kind: 'later',
    cause: 'failure',
    reason: "The project's key for Apple's or the browser's push service is missing or not valid",
  },
  UNAUTHENTICATED: held(60, 'Google refuses the service account'),
  UNAVAILABLE: laterByLoad('Firebase is overloaded'),
  UNREGISTERED: {
    ...refusedRecipient('The app is no longer on the device, or the browser has taken back its permission'),
    dead_address: true,
  },
};
