import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsTimeOfDay, NotBlank } from '../../common/dto/field-types.js';
import { WEEKDAYS, type Weekday } from '../../domain/working-hours.js';

@Example({ from: '08:00', to: '20:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'], zone: 'Asia/Ho_Chi_Minh' })
export class WorkingHoursDto {
  @IsTimeOfDay()
  from!: string;

  @IsTimeOfDay()
  @Describe('Not included. Before `from`, it is on the next day; the same as `from` is a whole day.')
  to!: string;

  @MayBeAbsent()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(WEEKDAYS, { each: true })
  @Describe('On which the hours begin; every day when left out.')
  days?: Weekday[];

  @NotBlank(64)
  @Describe('A name of the IANA database.')
  zone!: string;
}
