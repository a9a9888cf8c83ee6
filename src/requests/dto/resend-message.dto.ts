import { Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsRoute } from '../../common/dto/field-types.js';

@Example({ route: 'group:shop' })
export class ResendMessageDto {
  @MayBeAbsent()
  @IsRoute()
  route?: string;
}
