import { MaxLength } from 'class-validator';
import { MayBeAbsent } from '../../common/dto/decorators.js';
import { PageQuery } from '../../common/dto/page-query.js';
import { IsId } from '../../common/dto/field-types.js';

export class ListInboundMessagesQuery extends PageQuery {
  @MayBeAbsent()
  @IsId('agt')
  agent_id?: string;

  @MayBeAbsent()
  @MaxLength(40)
  from?: string;
}
