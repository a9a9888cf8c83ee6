import { Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, Public } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { ValidBody } from '../common/http/parameters.js';
import { LoginService } from './login.service.js';
import { ChangePasswordDto } from './dto/change-password.dto.js';
import { LoginDto } from './dto/login.dto.js';
import { checkPasswordBytes } from './password-rules.js';
import { UsersService } from './users.service.js';
import { Answers } from '../common/http/answers.js';
import { LoggedIn, Me, Token } from './user-answers.js';

@ApiTags('auth')
@Controller('auth')
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly users: UsersService,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Log in and get a token' })
  @Answers(LoggedIn)
  login(@ValidBody() body: LoginDto, @Req() request: FastifyRequest) {
    return this.logins.login(body.username, body.password, request.ip);
  }

  @Get('me')
  @Allow({ role: 'member' })
  @ApiOperation({ summary: 'Who am I' })
  @Answers(Me)
  me(@Caller() caller: User) {
    return this.users.me(caller);
  }

  @Post('password')
  @HttpCode(200)
  @Allow({ role: 'member' })
  @ApiOperation({ summary: 'Change my password; ends all my tokens and gives a new one' })
  @Answers(Token)
  changePassword(@Caller() caller: User, @ValidBody() body: ChangePasswordDto, @Req() request: FastifyRequest) {
    checkPasswordBytes(body.new_password, 'new_password');
    return this.logins.changePassword(caller, body.current_password, body.new_password, request.ip);
  }
}
