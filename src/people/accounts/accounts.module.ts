import { Module } from '@nestjs/common';
import { UsersModule } from '../../users/users.module.js';
import { PeopleModule } from '../people.module.js';
import { AccountMailer } from './account-mailer.js';
import { PasswordResetController } from './password-reset.controller.js';
import { PasswordResetService } from './password-reset.service.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationService } from './registration.service.js';

/** What people without a token do about their accounts. */
@Module({
  imports: [PeopleModule, UsersModule],
  controllers: [RegistrationController, PasswordResetController],
  providers: [AccountMailer, RegistrationService, PasswordResetService],
})
export class PersonAccountsModule {}
