import { MaxLength } from 'class-validator';
import { Example } from '../../../common/dto/decorators.js';

@Example({ token: 'tlc_7c2hR0b1bU3T9wqB0cD4rZk8yQv5mN6xJtGfHsLaEoI' })
export class LinkTokenDto {
  @MaxLength(2000)
  token!: string;
}
