import { IsBoolean } from 'class-validator';
import { Describe } from '../../common/dto/decorators.js';

export class CancelImportQuery {
  @IsBoolean()
  @Describe(
    'Also cancel messages that were submitted and that no phone is sending; this works for a finished import too.',
  )
  cancel_submitted: boolean = false;
}
