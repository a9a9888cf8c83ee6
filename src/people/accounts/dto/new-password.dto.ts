import { Length, MaxLength } from 'class-validator';
import { Example } from '../../../common/dto/decorators.js';

@Example({ token: 'tlc_7c2hR0b1bU3T9wqB0cD4rZk8yQv5mN6xJtGfHsLaEoI', password: 'battery-staple-horse' })
export class NewPasswordDto {
  @MaxLength(2000)
  token!: string;

  @Length(12, 72)
  password!: string;
}
