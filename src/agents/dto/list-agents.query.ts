import { IsIn } from 'class-validator';
import { MayBeAbsent } from '../../common/dto/decorators.js';
import { PageQuery } from '../../common/dto/page-query.js';

const CHOICES = ['1', '0', 'true', 'false'] as const;

export class ListAgentsQuery extends PageQuery {
  @MayBeAbsent()
  @IsIn(CHOICES)
  is_active?: (typeof CHOICES)[number];
}
