import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./programs/restore.js'));
