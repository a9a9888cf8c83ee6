import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./programs/seed-admin.js'));
