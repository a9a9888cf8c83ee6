import { ArrayMaxSize, ArrayUnique, IsArray, IsInt, IsOptional, Matches, MaxLength, Min } from 'class-validator';
import { Example, IsDto, MayBeAbsent, MayBeNull } from '../../common/dto/decorators.js';
import { IsSimSlot, MOST_SIMS } from '../../common/dto/field-types.js';
import { GROUP_NAME } from '../../domain/route.js';

export class SimCapDto {
  @IsSimSlot()
  slot!: number;

  @MayBeNull()
  @IsInt()
  @Min(0)
  daily_cap!: number | null;
}

@Example({ label: 'Android-01', groups: ['shop'], rate_limit_per_min: 20 })
export class UpdateAgentDto {
  @IsOptional()
  @MaxLength(200)
  label?: string | null;

  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(new RegExp(GROUP_NAME.source, 'u'), { each: true, message: 'must be lower-case letters, digits, - and _' })
  groups?: string[];

  @IsOptional()
  @IsInt()
  @Min(1)
  rate_limit_per_min?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  daily_cap?: number | null;

  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_SIMS)
  @IsDto(SimCapDto, { each: true })
  sims?: SimCapDto[];
}
