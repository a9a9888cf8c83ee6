import { IsBoolean, IsOptional, Length } from 'class-validator';
import type { Role } from '../../auth/principal.js';
import { Describe, Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsEmailAddress, IsNewPassword, IsPlusNumber, IsRole } from './user-field-types.js';

@Example({ role: 'viewer' })
export class UpdateUserDto {
  @MayBeAbsent()
  @IsNewPassword()
  password?: string;

  @MayBeAbsent()
  @Length(1, 1000)
  @Describe('Needed for a new password of your own account.')
  current_password?: string;

  @MayBeAbsent()
  @IsRole()
  role?: Role;

  @MayBeAbsent()
  @IsBoolean()
  is_active?: boolean;

  @IsOptional()
  @IsEmailAddress()
  email?: string | null;

  @IsOptional()
  @IsPlusNumber()
  phone?: string | null;
}
