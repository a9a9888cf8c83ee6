import { Matches, MaxLength } from 'class-validator';
import { Describe, Example } from '../../../common/dto/decorators.js';
import { MAILBOX } from '../../../domain/mailbox.js';
import { SMTP_URL, SMTP_URL_RULE } from '../../../domain/smtp-url.js';
import { AccountLimitsDto } from '../../dto/account-limits.dto.js';

/** A mail server. */
@Example({ url: 'smtp://user:password@mail.example.com:587', from: 'Shop <shop@example.com>' })
export class SmtpAccountDto extends AccountLimitsDto {
  @MaxLength(1000)
  @Matches(SMTP_URL, { message: SMTP_URL_RULE })
  @Describe(
    'The server, with user and password; it is never shown again. smtp begins TLS by STARTTLS, without which no password is sent; smtps has it from the start.',
  )
  url!: string;

  @MaxLength(400)
  @Matches(MAILBOX, { message: 'must be shop@example.com, or Shop <shop@example.com>' })
  @Describe('Who e-mails come from.')
  from!: string;
}
