import { Module } from '@nestjs/common';
import { RouteChoice } from './route-choice.js';
import { RouteTargets } from './targets.js';

@Module({ providers: [RouteTargets, RouteChoice], exports: [RouteTargets, RouteChoice] })
export class RoutingModule {}
