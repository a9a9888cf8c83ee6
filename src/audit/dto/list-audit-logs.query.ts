import { MaxLength } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { PageQuery } from '../../common/dto/page-query.js';
import { FREQUENT_ACTIONS } from '../audit-log.js';

export class ListAuditLogsQuery extends PageQuery {
  @MayBeAbsent()
  @MaxLength(2000)
  @Describe(
    `One action or several: \`LOGIN,LOGIN_FAILED\`; \`all\`: every one. Without it, ${FREQUENT_ACTIONS.join(' and ')} are left out.`,
  )
  action?: string;
}
