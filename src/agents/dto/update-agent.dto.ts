import { ArrayMaxSize, ArrayUnique, IsArray, IsInt, IsOptional, Matches, MaxLength, Min } from 'class-validator';
import { Describe, Example, IsDto, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsSimSlot, MOST_SIMS } from '../../common/dto/field-types.js';
import { GROUP_NAME } from '../../domain/route.js';
import { WorkingHoursDto } from '../../tenants/dto/working-hours.dto.js';

export class SimCapDto {
  @IsSimSlot()
  slot!: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Describe('Segments per day; null: no cap, 0: none may be sent.')
  daily_cap?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Describe(
    'Segments within an hour; null: the tenant’s setting for a phone that comes by another’s app, no cap for others.',
  )
  hourly_cap?: number | null;
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
  @Describe('Segments per minute; null: the tenant’s setting.')
  rate_limit_per_min?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Describe('Segments per day by all SIMs together; null: no cap, 0: none may be sent.')
  daily_cap?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Describe(
    'Segments within an hour by all SIMs together; null: no cap, or what the tenant’s setting allows a SIM of another’s app if the phone tells of no SIMs.',
  )
  hourly_cap?: number | null;

  @IsOptional()
  @IsDto(WorkingHoursDto)
  @Describe('When the phone is given what isn’t HIGH; null: the tenant’s setting.')
  hours?: WorkingHoursDto | null;

  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_SIMS)
  @IsDto(SimCapDto, { each: true })
  sims?: SimCapDto[];
}
