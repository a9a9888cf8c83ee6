import { Length } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../../common/dto/decorators.js';
import { NotBlank } from '../../../common/dto/field-types.js';

/** One of the two. */
@Example({ username: 'an' })
export class AskPasswordResetDto {
  @MayBeAbsent()
  @Length(1, 200)
  username?: string;

  @MayBeAbsent()
  @Length(3, 254)
  email?: string;

  @MayBeAbsent()
  @NotBlank(100)
  @Describe('The slug of the tenant that an e-mail address is looked for in; absent: the default one.')
  tenant?: string;
}
