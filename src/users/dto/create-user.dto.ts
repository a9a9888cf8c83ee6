import { IsOptional, Matches } from 'class-validator';
import type { Role } from '../../auth/principal.js';
import { Example } from '../../common/dto/decorators.js';
import { IsEmailAddress, IsNewPassword, IsPlusNumber, IsRole } from './user-field-types.js';

@Example({ username: 'an', password: 'correct-horse-battery', role: 'operator', email: 'an@example.com' })
export class CreateUserDto {
  @Matches(/^[^\s:]{1,100}$/u, { message: 'must have 1 to 100 characters and no space or colon' })
  username!: string;

  @IsNewPassword()
  password!: string;

  @IsRole()
  role!: Role;

  @IsOptional()
  @IsEmailAddress()
  email?: string | null;

  @IsOptional()
  @IsPlusNumber()
  phone?: string | null;
}
