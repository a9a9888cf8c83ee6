import { IsBoolean } from 'class-validator';
import { Describe, Example } from '../../common/dto/decorators.js';
import { IsRoute } from '../../common/dto/field-types.js';

@Example({ route: 'group:shop', end_leases: false })
export class ReassignMessagesDto {
  @IsRoute()
  @Describe('agent:<id>, group:<name> or carrier:<name>')
  route!: string;

  @IsBoolean()
  @Describe('Also take what the phone holds but has not begun to send.')
  end_leases: boolean = false;

  @IsBoolean()
  @Describe('As in POST /requests.')
  allow_empty_route: boolean = false;
}
