import { Length } from 'class-validator';
import { Example } from '../../common/dto/decorators.js';
import { IsNewPassword } from './user-field-types.js';

@Example({ current_password: 'correct-horse-battery', new_password: 'battery-staple-horse' })
export class ChangePasswordDto {
  @Length(1, 1000)
  current_password!: string;

  @IsNewPassword()
  new_password!: string;
}
