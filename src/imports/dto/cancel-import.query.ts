import { IsBoolean } from 'class-validator';
import { Describe } from '../../common/dto/decorators.js';

export class CancelImportQuery {
  @IsBoolean()
  @Describe('Also cancel what was submitted and nobody is sending; then it may be over already.')
  cancel_submitted: boolean = false;
}
