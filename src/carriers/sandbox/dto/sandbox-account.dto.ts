import { IsBoolean } from 'class-validator';
import { Example, MayBeAbsent } from '../../../common/dto/decorators.js';

/** The sandbox has no account; in production a tenant switches it on. */
@Example({ enabled: true })
export class SandboxAccountDto {
  @MayBeAbsent()
  @IsBoolean()
  enabled?: boolean;
}
