import { Module, type DynamicModule } from '@nestjs/common';
import { Config } from '../config/load-config.js';
import { Clock } from './clock.js';

@Module({})
export class CommonModule {
  static with(config: Config, clock: Clock): DynamicModule {
    return {
      module: CommonModule,
      global: true,
      providers: [
        { provide: Config, useValue: config },
        { provide: Clock, useValue: clock },
      ],
      exports: [Config, Clock],
    };
  }
}
