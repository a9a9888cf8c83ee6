import { IsIn } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { PageQuery } from '../../common/dto/page-query.js';
import { IsSubmitterId } from '../../messages/dto/submitter-id.js';
import { OUTCOMES, type RecipientOutcome } from '../notification.js';
import { IsTopicName } from '../topics/dto/topic-name.js';

export class ListNotificationsQuery extends PageQuery {
  @MayBeAbsent()
  @IsSubmitterId()
  @Describe('Who asked for them.')
  client_id?: string;

  @MayBeAbsent()
  @IsTopicName()
  @Describe('What was sent to this topic.')
  topic?: string;

  @MayBeAbsent()
  @IsIn(OUTCOMES)
  @Describe(
    'Those in which somebody has this outcome. A page may have fewer than `limit` of them and a `next` as well.',
  )
  outcome?: RecipientOutcome;
}
