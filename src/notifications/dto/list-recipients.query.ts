import { IsIn } from 'class-validator';
import { MayBeAbsent } from '../../common/dto/decorators.js';
import { PageQuery } from '../../common/dto/page-query.js';
import { OUTCOMES, type RecipientOutcome } from '../notification.js';

export class ListRecipientsQuery extends PageQuery {
  @MayBeAbsent()
  @IsIn(OUTCOMES)
  outcome?: RecipientOutcome;
}
