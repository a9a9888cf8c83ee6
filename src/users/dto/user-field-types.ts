import { applyDecorators } from '@nestjs/common';
import { IsIn, Length, Matches, MaxLength } from 'class-validator';
import { ROLES } from '../../auth/principal.js';

/** Characters; `checkPasswordBytes` counts bytes. */
export function IsNewPassword(): PropertyDecorator {
  return Length(12, 72);
}

export function IsRole(): PropertyDecorator {
  return IsIn(ROLES);
}

export function IsEmailAddress(): PropertyDecorator {
  return applyDecorators(
    MaxLength(254),
    Matches(/^[^@\s]+@[^@\s]+\.[^@\s]+$/u, { message: 'must be an e-mail address' }),
  );
}

/** As E.164 writes it. */
export function IsPlusNumber(): PropertyDecorator {
  return Matches(/^\+[1-9]\d{5,14}$/u, { message: 'must be a number such as +84901234567' });
}
