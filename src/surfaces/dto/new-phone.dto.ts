import { IsOptional, Matches, MaxLength } from 'class-validator';
import { Describe, Example } from '../../common/dto/decorators.js';
import { GROUP_NAME } from '../../domain/route.js';

/** What an administrator says of a phone that is to join. */
@Example({ label: 'Counter 1', group: 'shop' })
export class NewPhoneDto {
  @IsOptional()
  @MaxLength(200)
  @Describe('What the phone is called here.')
  label?: string | null;

  @IsOptional()
  @Matches(new RegExp(GROUP_NAME.source, 'u'), { message: 'must be lower-case letters, digits, - and _' })
  @Describe('The group that it joins.')
  group?: string | null;
}
