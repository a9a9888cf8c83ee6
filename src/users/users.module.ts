import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { Config } from '../config/load-config.js';
import { Accounts } from './accounts.js';
import { AddressThrottle } from './address-throttle.js';
import { BasicAuthenticator } from './basic.authenticator.js';
import { FirstAdmin } from './first-admin.js';
import { JwtStrategy } from './jwt.strategy.js';
import { LoginThrottle } from './login-throttle.js';
import { LoginController } from './login.controller.js';
import { LoginPageController } from './login-page.controller.js';
import { LoginService } from './login.service.js';
import { PasswordByCommand } from './password-by-command.js';
import { Passwords } from './passwords.js';
import { SessionAuthenticator } from './session.authenticator.js';
import { TenantChoice } from './tenant-choice.js';
import { TokenAuthenticator } from './token.authenticator.js';
import { UserDirectory } from './user-directory.js';
import { UserRemoval } from './user-removal.js';
import { UserTokens } from './user-tokens.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [
    JwtModule.registerAsync({ inject: [Config], useFactory: (config: Config) => ({ secret: config.JWT_SECRET! }) }),
  ],
  controllers: [LoginController, LoginPageController, UsersController],
  providers: [
    UsersService,
    UsersRepository,
    UserDirectory,
    UserRemoval,
    UserTokens,
    Passwords,
    LoginService,
    LoginThrottle,
    AddressThrottle,
    JwtStrategy,
    TokenAuthenticator,
    BasicAuthenticator,
    SessionAuthenticator,
    TenantChoice,
    FirstAdmin,
    PasswordByCommand,
    Accounts,
  ],
  exports: [Accounts, FirstAdmin, PasswordByCommand, UserDirectory, UserRemoval],
})
export class UsersModule {}
