import { Module } from '@nestjs/common';
import { CarriersModule } from '../carriers/carriers.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { Receipts } from './receipts.js';

@Module({ imports: [CarriersModule, MessagesModule], providers: [Receipts], exports: [Receipts] })
export class DispatchModule {}
