import { Length } from 'class-validator';
import { Example } from '../../common/dto/decorators.js';

@Example({ username: 'admin', password: 'correct-horse-battery' })
export class LoginDto {
  @Length(1, 200)
  username!: string;

  @Length(1, 1000)
  password!: string;
}
