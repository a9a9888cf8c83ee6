import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../../common/dto/decorators.js';

/** The sandbox needs no credentials. */
@Example({ enabled: true })
export class SandboxAccountDto {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  @Describe('Texts a second.')
  per_second?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  @Describe('Calls at the same time.')
  concurrency?: number | null;

  @MayBeAbsent()
  @IsBoolean()
  enabled?: boolean;
}
