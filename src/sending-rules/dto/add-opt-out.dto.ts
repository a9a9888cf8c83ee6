import { MaxLength } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { NotBlank } from '../../common/dto/field-types.js';

@Example({ number: '0901234567', reason: 'asked by phone' })
export class AddOptOutDto {
  @NotBlank(40)
  number!: string;

  @MayBeAbsent()
  @MaxLength(500)
  reason?: string;

  @MayBeAbsent()
  @NotBlank(100)
  @Describe(
    'Only texts of this sender: a number, the id of a carrier’s service, or carrier:<name>. Absent: every text.',
  )
  sender?: string;
}
