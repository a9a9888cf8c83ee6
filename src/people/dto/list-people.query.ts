import { Length } from 'class-validator';
import { MayBeAbsent } from '../../common/dto/decorators.js';
import { NotBlank } from '../../common/dto/field-types.js';
import { PageQuery } from '../../common/dto/page-query.js';

export class ListPeopleQuery extends PageQuery {
  @MayBeAbsent()
  @NotBlank(40)
  phone?: string;

  @MayBeAbsent()
  @Length(3, 254)
  email?: string;
}
