import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./work/seed-admin.js'));
