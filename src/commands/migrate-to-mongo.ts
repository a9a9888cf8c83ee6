import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./work/migrate-to-mongo.js'));
