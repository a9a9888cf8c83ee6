import { IsIn, Matches, MaxLength } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { PageQuery } from '../../common/dto/page-query.js';
import { IsId } from '../../common/dto/field-types.js';
import { CHANNELS, type Channel } from '../../domain/channel.js';

export class ListInboundMessagesQuery extends PageQuery {
  @MayBeAbsent()
  @IsId('agt')
  agent_id?: string;

  @MayBeAbsent()
  @Matches(/^[a-z][a-z0-9-]{0,39}$/u, { message: "must be a carrier's name, such as twilio" })
  @Describe('The carrier that received it.')
  carrier?: string;

  @MayBeAbsent()
  @IsIn(CHANNELS)
  channel?: Channel;

  @MayBeAbsent()
  @MaxLength(40)
  from?: string;

  @MayBeAbsent()
  @MaxLength(40)
  @Describe('The number that it was sent to.')
  to?: string;
}
