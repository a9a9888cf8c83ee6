import { IsIn, IsOptional } from 'class-validator';
import { Describe, Example } from '../../../common/dto/decorators.js';
import { PREFERENCES, type Preference } from '../../../domain/preference.js';

@Example({ preference: 'push' })
export class SubscriptionDto {
  @IsOptional()
  @IsIn(PREFERENCES)
  @Describe('By which way in this topic; null: as the person prefers everywhere; absent: as before.')
  preference?: Preference | null;
}
