import { Module, type DynamicModule } from '@nestjs/common';
import { Config } from '../config/load-config.js';
import { Clock } from './clock.js';
import { HttpOut } from './http-out/http-out.js';
import { BodyWatch } from './http/body-watch.js';
import { Pause } from './pause.js';
import { SealedValues } from './sealed-values.js';
import { Sealer } from './sealer.js';
import { Signer } from './signer.js';

@Module({})
export class CommonModule {
  static with(config: Config, clock: Clock): DynamicModule {
    return {
      module: CommonModule,
      global: true,
      providers: [
        { provide: Config, useValue: config },
        { provide: Clock, useValue: clock },
        BodyWatch,
        HttpOut,
        Pause,
        Sealer,
        SealedValues,
        Signer,
      ],
      exports: [Config, Clock, HttpOut, Pause, Sealer, SealedValues, Signer],
    };
  }
}
