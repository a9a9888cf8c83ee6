import { Module } from '@nestjs/common';
import { RoutingModule } from '../routing/routing.module.js';
import { AccountSettingsSource } from './account-settings.js';
import { CarrierAccounts } from './carrier-accounts.js';
import { CarrierAccountsRepository } from './carrier-accounts.repository.js';
import { CarrierInbox } from './carrier-inbox.js';
import { CarrierKinds } from './carrier-kinds.js';
import { CarrierNotes } from './carrier-notes.js';
import { CarrierSetupService } from './carrier-setup.service.js';
import { CarrierTargets } from './carrier-targets.js';
import { CarriersController } from './carriers.controller.js';
import { CarriersService } from './carriers.service.js';
import { FcmKind } from './fcm/fcm-kind.js';
import { FlowrouteKind } from './flowroute/flowroute-kind.js';
import { RecipientEvents } from './recipient-events.js';
import { SandboxKind } from './sandbox/sandbox-kind.js';
import { SmtpKind } from './smtp/smtp-kind.js';
import { TwilioKind } from './twilio/twilio-kind.js';

@Module({
  imports: [RoutingModule],
  controllers: [CarriersController],
  providers: [
    CarrierKinds,
    AccountSettingsSource,
    CarrierAccountsRepository,
    CarrierAccounts,
    CarrierNotes,
    CarriersService,
    CarrierSetupService,
    CarrierTargets,
    CarrierInbox,
    RecipientEvents,
    FcmKind,
    FlowrouteKind,
    SandboxKind,
    SmtpKind,
    TwilioKind,
  ],
  exports: [CarrierKinds, CarrierAccounts, CarrierNotes, CarrierInbox, RecipientEvents],
})
export class CarriersModule {}
