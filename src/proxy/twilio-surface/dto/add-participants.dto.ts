import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Describe, Example, IgnoresUnknownFields, MayBeAbsent } from '../../../common/dto/decorators.js';
import { IsAddresses } from './is-addresses.js';

/** From JSON, or from a form with the same names. */
@IgnoresUnknownFields()
@Example({ address: '+12065550113', name: 'Lan' })
export class AddParticipantsDto {
  @MayBeAbsent()
  @IsAddresses()
  @Describe('The numbers of one or more people, +E.164 or whatsapp:+E.164; all are added, or nobody.')
  address?: string | string[];

  @MayBeAbsent()
  @IsAddresses()
  @Describe('The same.')
  addresses?: string | string[];

  @IsOptional()
  @IsString()
  @MaxLength(60)
  @Describe('Of one person: stands before what they write when there are more than two; never the number.')
  name?: string | null;
}
