import { Length, Matches } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../../common/dto/decorators.js';
import { NotBlank } from '../../../common/dto/field-types.js';

@Example({ username: 'an', password: 'correct-horse-battery', email: 'an@example.com' })
export class RegisterDto {
  @MayBeAbsent()
  @NotBlank(100)
  @Describe('The slug of the tenant; absent: the default one.')
  tenant?: string;

  @Matches(/^[^\s:]{1,100}$/u, { message: 'must have 1 to 100 characters and no space or colon' })
  username!: string;

  @Length(12, 72)
  password!: string;

  @Length(3, 254)
  email!: string;
}
