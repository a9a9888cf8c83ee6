import { onRequiredNode } from './required-node.js';

onRequiredNode(() => import('./start.js'));
