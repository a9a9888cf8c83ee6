import { Matches } from 'class-validator';
import { Describe } from '../../common/dto/decorators.js';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/u;
const MESSAGE = { message: 'must be a time of the day such as 22:00' };

export class QuietHoursDto {
  @Matches(TIME, MESSAGE)
  from!: string;

  @Matches(TIME, MESSAGE)
  @Describe('Not included; before `from`, it is on the next day.')
  to!: string;
}
