import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./programs/migrate-to-mongo.js'));
