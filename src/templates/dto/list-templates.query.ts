import { IsIn } from 'class-validator';
import { Describe } from '../../common/dto/decorators.js';
import { PageQuery } from '../../common/dto/page-query.js';

const CHOICES = ['1', '0', 'true', 'false', 'all'] as const;

export class ListTemplatesQuery extends PageQuery {
  @IsIn(CHOICES)
  @Describe('Show approved templates, unapproved templates or all.')
  approved: (typeof CHOICES)[number] = '1';
}
