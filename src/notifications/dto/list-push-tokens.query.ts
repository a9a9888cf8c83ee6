import { Matches } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { PageQuery } from '../../common/dto/page-query.js';
import { idPattern } from '../../common/ids.js';

export class ListPushTokensQuery extends PageQuery {
  @MayBeAbsent()
  @Matches(new RegExp(idPattern('per'), 'u'), { message: 'must be the id of a person (per_...)' })
  @Describe('Devices of this person alone.')
  person_id?: string;
}
