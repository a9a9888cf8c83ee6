import { Module } from '@nestjs/common';
import { RouteTargets } from './targets.js';

@Module({ providers: [RouteTargets], exports: [RouteTargets] })
export class RoutingModule {}
