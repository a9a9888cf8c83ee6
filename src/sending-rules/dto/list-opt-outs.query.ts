import { IsIn } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { NotBlank } from '../../common/dto/field-types.js';
import { PageQuery } from '../../common/dto/page-query.js';
import { SOURCES, type OptOutSource } from '../opt-out.js';

export class ListOptOutsQuery extends PageQuery {
  @MayBeAbsent()
  @NotBlank(40)
  number?: string;

  @MayBeAbsent()
  @NotBlank(100)
  @Describe('Opt-outs of this sender alone.')
  sender?: string;

  @MayBeAbsent()
  @IsIn(SOURCES)
  source?: OptOutSource;
}
