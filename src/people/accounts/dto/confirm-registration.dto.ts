import { Length, Matches } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../../common/dto/decorators.js';
import { NotBlank } from '../../../common/dto/field-types.js';

@Example({ username: 'an', email: 'an@example.com', code: '123456' })
export class ConfirmRegistrationDto {
  @MayBeAbsent()
  @NotBlank(100)
  @Describe('The slug of the tenant; absent: the default one.')
  tenant?: string;

  @Length(1, 200)
  username!: string;

  @Length(3, 254)
  email!: string;

  @Matches(/^\d{6}$/u, { message: 'must be the six digits that were sent' })
  code!: string;
}
