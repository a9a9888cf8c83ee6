import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./work/create-indexes.js'));
