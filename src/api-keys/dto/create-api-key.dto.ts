import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsOptional } from 'class-validator';
import { SCOPES, type Scope } from '../../auth/principal.js';
import { Describe, Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsTime, NotBlank } from '../../common/dto/field-types.js';

const LIMIT =
  'Messages per day (of the setting time_zone, else UTC); the default applies when it is missing, 0 or negative.';

/** The fields that creating and changing a key have in common. */
export class ApiKeyOptionsDto {
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @IsIn(SCOPES, { each: true })
  scopes?: Scope[];

  @IsOptional()
  @IsInt()
  @Describe(LIMIT)
  rate_limit_per_day?: number | null;

  /** An older name of `rate_limit_per_day`. */
  @IsOptional()
  @IsInt()
  @Describe(LIMIT)
  rate_limit?: number | null;

  @IsOptional()
  @IsTime()
  expires_at?: string | null;
}

@Example({ client_name: 'SafeShop', scopes: ['sms:send', 'sms:read'], rate_limit_per_day: 5000 })
export class CreateApiKeyDto extends ApiKeyOptionsDto {
  @NotBlank(200)
  client_name!: string;
}
