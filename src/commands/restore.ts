import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./work/restore.js'));
