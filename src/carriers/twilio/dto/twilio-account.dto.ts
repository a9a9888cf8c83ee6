import { IsOptional, Matches } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../../common/dto/decorators.js';
import { NotBlank } from '../../../common/dto/field-types.js';
import { AccountLimitsDto } from '../../dto/account-limits.dto.js';

@Example({ account_sid: `AC${'0'.repeat(32)}`, auth_token: 'the token of the account', from: '+15005550006' })
export class TwilioAccountDto extends AccountLimitsDto {
  @Matches(/^AC[0-9a-zA-Z]{1,62}$/u, { message: 'must be an account SID: AC and letters or digits' })
  account_sid!: string;

  @MayBeAbsent()
  @NotBlank(200)
  @Describe('Left out, the stored one of this account stays.')
  auth_token?: string;

  @IsOptional()
  @Matches(/^(\+?[0-9]{3,15}|[0-9 ]{0,9}[A-Za-z][A-Za-z0-9 ]{0,10})$/u, {
    message: 'must be a number such as +15005550006, a short code, or a name of at most 11 letters and digits',
  })
  from?: string | null;

  @IsOptional()
  @Matches(/^MG[0-9a-f]{32}$/u, { message: 'must be the SID of a messaging service: MG and 32 hex digits' })
  messaging_service_sid?: string | null;
}
