import { IsIn } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsId } from '../../common/dto/field-types.js';
import { MESSAGE_STATUSES, type MessageStatus } from '../../domain/message-status.js';
import { IsSubmitterId } from './submitter-id.js';

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
