import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./work/rotate-secrets-key.js'));
