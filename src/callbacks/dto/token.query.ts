import { IsString } from 'class-validator';
import { Describe, IgnoresUnknownFields, MayBeAbsent } from '../../common/dto/decorators.js';

@IgnoresUnknownFields()
export class TokenQuery {
  @MayBeAbsent()
  @IsString()
  @Describe('The secret of the account, as in /carriers/flowroute/{token}/inbound.')
  token?: string;
}
