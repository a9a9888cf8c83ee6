import { IsIn } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsId, IsSubmitterId } from '../../common/dto/words.js';
import { MESSAGE_STATUSES, type MessageStatus } from '../../domain/message-status.js';

/** What lists of messages and exports can be narrowed by. */
export class MessageFilters {
  @MayBeAbsent()
  @IsIn(MESSAGE_STATUSES)
  status?: MessageStatus;

  @MayBeAbsent()
  @IsId('tpl')
  template_id?: string;

  @MayBeAbsent()
  @IsId('agt')
  agent_id?: string;

  @MayBeAbsent()
  @IsSubmitterId()
  @Describe('Who submitted them.')
  client_id?: string;
}
