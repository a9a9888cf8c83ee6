import { IsOptional, MaxLength } from 'class-validator';
import { Describe } from '../../common/dto/decorators.js';
import { IsVariableValues } from '../../common/dto/value-records.js';
import { IsReference, IsSimSlot, IsTime } from '../../common/dto/field-types.js';
import type { Variables } from '../../domain/template.js';

/** What a request says for all of its messages, and each message for itself. */
export class MessageOptionsDto {
  @IsOptional()
  @IsVariableValues()
  variables?: Variables | null;

  @IsOptional()
  @MaxLength(20)
  @Describe('HIGH, NORMAL or LOW; anything else is NORMAL.')
  priority?: string | null;

  @IsOptional()
  @IsTime()
  @Describe('ISO 8601; without a zone it is UTC.')
  schedule_at?: string | null;

  @IsOptional()
  @IsSimSlot()
  sim_slot?: number | null;

  @IsOptional()
  @IsReference()
  client_reference?: string | null;
}
