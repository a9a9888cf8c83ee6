import { IsString } from 'class-validator';
import { Example } from '../../common/dto/decorators.js';

/** How long it may be is judged after trimming. */
@Example({ registration_secret: 'a-shared-secret' })
export class RegistrationSecretDto {
  @IsString()
  registration_secret!: string;
}
