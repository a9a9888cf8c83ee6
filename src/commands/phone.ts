import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./programs/phone.js'));
