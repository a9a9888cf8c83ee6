import { Module } from '@nestjs/common';
import { RoutingModule } from '../routing/routing.module.js';
import { CarrierAccounts } from './carrier-accounts.js';
import { CarrierInbox } from './carrier-inbox.js';
import { CarrierKinds } from './carrier-kinds.js';
import { RecipientEvents } from './recipient-events.js';
import { SandboxKind } from './sandbox/sandbox-kind.js';
import { TwilioKind } from './twilio/twilio-kind.js';

@Module({
  imports: [RoutingModule],
  providers: [
    CarrierKinds,
    CarrierAccounts,
    CarrierInbox,
    RecipientEvents,
    SandboxKind,
    TwilioKind,
  ],
  exports: [CarrierKinds, CarrierAccounts, CarrierInbox, RecipientEvents],
})
export class CarriersModule {}
