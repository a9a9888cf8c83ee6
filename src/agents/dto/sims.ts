import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsOptional, MaxLength } from 'class-validator';
import { IgnoresUnknownFields, IsDto } from '../../common/dto/decorators.js';
import { IsSimSlot, MOST_SIMS } from '../../common/dto/field-types.js';

/** A SIM as a phone tells of it. */
@IgnoresUnknownFields()
export class ToldSimDto {
  @IsSimSlot()
  slot!: number;

  @IsOptional()
  @MaxLength(200)
  number?: string | null;

  @IsOptional()
  @MaxLength(200)
  carrier?: string | null;
}

export function AreToldSims(): PropertyDecorator {
  return applyDecorators(IsArray(), ArrayMaxSize(MOST_SIMS), IsDto(ToldSimDto, { each: true }));
}
