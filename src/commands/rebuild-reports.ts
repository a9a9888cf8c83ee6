import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./programs/rebuild-reports.js'));
