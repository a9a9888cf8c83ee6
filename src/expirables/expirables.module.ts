import { Global, Module } from '@nestjs/common';
import { Expirables } from './expirables.js';

@Global()
@Module({ providers: [Expirables], exports: [Expirables] })
export class ExpirablesModule {}
