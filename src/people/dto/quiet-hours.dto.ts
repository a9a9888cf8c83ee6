import { Describe } from '../../common/dto/decorators.js';
import { IsTimeOfDay } from '../../common/dto/field-types.js';

export class QuietHoursDto {
  @IsTimeOfDay()
  from!: string;

  @IsTimeOfDay()
  @Describe('Not included; before `from`, it is on the next day.')
  to!: string;
}
