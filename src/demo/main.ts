import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./demo.js'));
