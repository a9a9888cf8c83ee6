import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { NotBlank } from '../../common/dto/field-types.js';

export class RemoveOptOutQuery {
  @MayBeAbsent()
  @NotBlank(100)
  @Describe('Only the opt-out of this sender. Absent: every one of the number.')
  sender?: string;
}
