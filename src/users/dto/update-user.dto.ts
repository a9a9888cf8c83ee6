import { IsBoolean, IsOptional } from 'class-validator';
import type { Role } from '../../auth/principal.js';
import { Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsEmailAddress, IsNewPassword, IsPlusNumber, IsRole } from './user-words.js';

@Example({ role: 'viewer' })
export class UpdateUserDto {
  @MayBeAbsent()
  @IsNewPassword()
  password?: string;

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
