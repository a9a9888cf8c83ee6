import { Length, Matches } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../../common/dto/decorators.js';
import { AccountLimitsDto } from '../../dto/account-limits.dto.js';

/** A project at Firebase. */
@Example({
  project_id: 'shop-4711',
  service_account: '{"type":"service_account","client_email":"...","private_key":"..."}',
})
export class FcmAccountDto extends AccountLimitsDto {
  @Matches(/^[a-z0-9:.-]{1,100}$/u, { message: 'must be the id of a project: small letters, digits and hyphens' })
  project_id!: string;

  @MayBeAbsent()
  @Length(1, 20_000)
  @Describe(
    'The JSON of a service account that may send, or base64 of it. Left out, the stored one of this project stays.',
  )
  service_account?: string;

  @MayBeAbsent()
  @Length(1, 5000)
  @Describe('The JSON of Firebase’s web configuration, for the page on which browsers register. It is not secret.')
  web_config?: string;
}
