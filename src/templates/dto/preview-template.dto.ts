import { Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsVariableValues } from '../../common/dto/value-records.js';
import type { Variables } from '../../domain/template.js';

@Example({ variables: { CODE: '123456' } })
export class PreviewTemplateDto {
  @MayBeAbsent()
  @IsVariableValues()
  variables?: Variables;
}
