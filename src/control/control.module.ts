import { Global, Module } from '@nestjs/common';
import { ControlActions } from './control-actions.js';
import { ControlServer } from './control-server.js';
import { IndexesRepository } from './indexes.repository.js';
import { SecretsKeyRepository } from './secrets-key.repository.js';
import { SecretsRotation } from './secrets-rotation.js';

@Global()
@Module({
  providers: [ControlActions, ControlServer, IndexesRepository, SecretsKeyRepository, SecretsRotation],
  exports: [ControlActions],
})
export class ControlModule {
  constructor(actions: ControlActions, indexes: IndexesRepository) {
    actions.register('create-indexes', async ({ say }) => say(await indexes.apply()));
  }
}
