import { IsBoolean } from 'class-validator';
import { Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { NotBlank } from '../../common/dto/field-types.js';
import { ApiKeyOptionsDto } from './create-api-key.dto.js';

@Example({ rate_limit_per_day: 10_000 })
export class UpdateApiKeyDto extends ApiKeyOptionsDto {
  @MayBeAbsent()
  @NotBlank(200)
  client_name?: string;

  @MayBeAbsent()
  @IsBoolean()
  is_active?: boolean;
}
