#!/usr/bin/env node
import { onRequiredNode } from './required-node.js';

onRequiredNode(() => import('./start.js'));
