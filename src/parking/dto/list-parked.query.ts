import { IsBoolean } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { PageQuery } from '../../common/dto/page-query.js';

export class ListParkedQuery extends PageQuery {
  @MayBeAbsent()
  @IsBoolean()
  @Describe('For platform administrators.')
  all_tenants?: boolean;
}
