import { IsIn, Length, Matches } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../../common/dto/decorators.js';
import { FLOWROUTE_APIS, FLOWROUTE_BODIES, type FlowrouteApi, type FlowrouteBody } from '../flowroute-account.js';
import { AccountLimitsDto } from '../../dto/account-limits.dto.js';
import { IsNetworkList } from './network-list.js';

/** An account at Flowroute. */
@Example({ access_key: 'a1b2c3d4', secret_key: 'from-the-portal', from: '+12065550100' })
export class FlowrouteAccountDto extends AccountLimitsDto {
  @Length(1, 100)
  @Matches(/^[!-9;-~]+$/u, { message: 'must have only printable characters, and no colon' })
  access_key!: string;

  @MayBeAbsent()
  @Length(1, 200)
  @Matches(/^[!-~]+$/u, { message: 'must have only printable characters' })
  @Describe('Left out, the stored one of this account stays.')
  secret_key?: string;

  @MayBeAbsent()
  @Matches(/^\+?[1-9]\d{6,14}$/u, { message: 'must be a number with its country code, such as +12065550100' })
  @Describe('The number that texts leave by; it must belong to the account.')
  from?: string;

  @MayBeAbsent()
  @Matches(/^[A-Za-z0-9_-]{8,100}$/u, { message: 'must be 8 to 100 letters, digits, - or _' })
  @Describe('The secret in the URLs that Flowroute calls; left out, the stored one stays, or one is generated.')
  callback_token?: string;

  @MayBeAbsent()
  @IsNetworkList()
  @Describe('Addresses and networks, comma separated, from which callbacks are accepted; without it, from everywhere.')
  allowed_addresses?: string;

  @MayBeAbsent()
  @IsIn(FLOWROUTE_APIS)
  @Describe('The version of the API: v2.1 (the default) or v2.2.')
  api?: FlowrouteApi;

  @MayBeAbsent()
  @IsIn(FLOWROUTE_BODIES)
  @Describe('The form of what is sent: wrapped in data and attributes (the default), or flat.')
  body?: FlowrouteBody;
}
