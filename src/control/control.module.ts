import { Global, Module } from '@nestjs/common';
import { ControlActions } from './control-actions.js';
import { ControlServer } from './control-server.js';
import { IndexesRepository } from './indexes.repository.js';

@Global()
@Module({ providers: [ControlActions, ControlServer, IndexesRepository], exports: [ControlActions] })
export class ControlModule {
  constructor(actions: ControlActions, indexes: IndexesRepository) {
    actions.register('create-indexes', async ({ say }) => say(await indexes.apply()));
  }
}
