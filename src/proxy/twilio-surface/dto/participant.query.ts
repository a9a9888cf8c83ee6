import { IsString, MaxLength } from 'class-validator';
import { Describe, IgnoresUnknownFields } from '../../../common/dto/decorators.js';

@IgnoresUnknownFields()
export class ParticipantQuery {
  @IsString()
  @MaxLength(60)
  @Describe('The person’s number.')
  address!: string;

  @IsString()
  @MaxLength(60)
  @Describe('The number of the pool that this person sees.')
  proxyAddress!: string;
}
