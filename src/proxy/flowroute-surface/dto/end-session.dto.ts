import { Example, IgnoresUnknownFields } from '../../../common/dto/decorators.js';
import { IsSourceValue, type SourceValue } from './source-value.js';

@IgnoresUnknownFields()
@Example({ session_id: '366910827c8e4a6593943a28e4931668' })
export class EndSessionDto {
  @IsSourceValue(200)
  session_id!: SourceValue;
}
