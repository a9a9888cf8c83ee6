import { Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { Answers, Done } from '../common/http/answers.js';
import { ValidBody } from '../common/http/parameters.js';
import { CodeDto } from './dto/code.dto.js';
import { PersonDto } from './dto/person.dto.js';
import { OwnPersonService } from './own-person.service.js';
import { Person } from './person-answers.js';

@ApiTags('me')
@Controller('me/person')
@Allow({ role: 'member' })
export class OwnPersonController {
  constructor(private readonly own: OwnPersonService) {}

  @Get()
  @ApiOperation({ summary: 'Show how I am told things' })
  @Answers(Person)
  get(@Caller() caller: User) {
    return this.own.get(caller);
  }

  @Patch()
  @ApiOperation({ summary: 'Change how I am told things; a new e-mail address or number has to be confirmed' })
  @Answers(Person)
  change(@Caller() caller: User, @ValidBody() body: PersonDto) {
    return this.own.change(caller, body);
  }

  @Post('confirm-phone')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send me a code by SMS, valid for ten minutes' })
  @Answers(Done)
  askForPhoneCode(@Caller() caller: User) {
    return this.own.askForCode(caller, 'phone');
  }

  @Post('confirm-phone/code')
  @HttpCode(200)
  @ApiOperation({ summary: 'Confirm my number with the code from the SMS' })
  @Answers(Person)
  confirmPhone(@Caller() caller: User, @ValidBody() { code }: CodeDto) {
    return this.own.confirm(caller, 'phone', code);
  }

  @Post('confirm-email')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send me a code by e-mail, valid for ten minutes' })
  @Answers(Done)
  askForEmailCode(@Caller() caller: User) {
    return this.own.askForCode(caller, 'email');
  }

  @Post('confirm-email/code')
  @HttpCode(200)
  @ApiOperation({ summary: 'Confirm my e-mail address with the code from the mail' })
  @Answers(Person)
  confirmEmail(@Caller() caller: User, @ValidBody() { code }: CodeDto) {
    return this.own.confirm(caller, 'email', code);
  }
}
