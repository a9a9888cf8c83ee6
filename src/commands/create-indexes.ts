import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./programs/create-indexes.js'));
