import { IsBoolean } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsRoute } from '../../common/dto/field-types.js';

@Example({ route: 'group:shop' })
export class ResendMessageDto {
  @MayBeAbsent()
  @IsRoute()
  route?: string;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('As in POST /requests.')
  allow_empty_route?: boolean;
}
