import { IsBoolean, IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';

/** What every account has; null: what the carrier's adapter says. */
export class AccountLimitsDto {
  @IsOptional()
  @IsNumber()
  @Min(0.1)
  @Max(1000)
  @Describe('Texts a second; each gateway keeps it for itself.')
  per_second?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  @Describe('Calls at the same time.')
  concurrency?: number | null;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('With false nothing is sent by the account; callbacks are still accepted.')
  enabled?: boolean;
}
