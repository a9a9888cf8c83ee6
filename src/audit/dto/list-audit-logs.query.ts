import { MaxLength } from 'class-validator';
import { MayBeAbsent } from '../../common/dto/decorators.js';
import { PageQuery } from '../../common/dto/page-query.js';

export class ListAuditLogsQuery extends PageQuery {
  @MayBeAbsent()
  @MaxLength(60)
  action?: string;
}
