import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./programs/rotate-secrets-key.js'));
