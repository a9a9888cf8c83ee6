import { onRequiredNode } from '../required-node.js';

onRequiredNode(() => import('./work/rebuild-reports.js'));
