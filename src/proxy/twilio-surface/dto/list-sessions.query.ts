import { IgnoresUnknownFields } from '../../../common/dto/decorators.js';
import { IsPageLimit } from '../../../common/dto/field-types.js';

@IgnoresUnknownFields()
export class ListSessionsQuery {
  @IsPageLimit()
  limit: number = 50;
}
