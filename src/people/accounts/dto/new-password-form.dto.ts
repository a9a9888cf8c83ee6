import { MaxLength } from 'class-validator';
import { Example } from '../../../common/dto/decorators.js';

/** What the page sends; what is wrong with it, a page says. */
@Example({ token: 'tlc_7c2hR0b1bU3T9wqB0cD4rZk8yQv5mN6xJtGfHsLaEoI', password: 'battery-staple-horse' })
export class NewPasswordFormDto {
  @MaxLength(2000)
  token!: string;

  @MaxLength(1000)
  password!: string;
}
