import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Describe, Example, IgnoresUnknownFields, IsDto, MayBeAbsent } from '../../../common/dto/decorators.js';
import { IsTime } from '../../../common/dto/field-types.js';
import { IsAddresses } from './is-addresses.js';
import { TimersDto } from './timers.dto.js';

/** From JSON, or from a form with the same names. */
@IgnoresUnknownFields()
@Example({ addresses: ['+12065550111', 'whatsapp:+12065550112'], friendlyName: 'Order 1001' })
export class CreateSessionDto {
  @MayBeAbsent()
  @IsAddresses()
  @Describe('The people’s numbers, +E.164 or whatsapp:+E.164.')
  addresses?: string | string[];

  @MayBeAbsent()
  @IsAddresses()
  @Describe('The same; in a form, the field comes once for each.')
  address?: string | string[];

  @IsOptional()
  @IsString()
  @MaxLength(4000)
  attributes?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  friendlyName?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  uniqueName?: string | null;

  @IsOptional()
  @IsTime()
  @Describe('A booking: nothing is relayed before it, and everybody is told when it begins; at most a year ahead.')
  startsAt?: string | null;

  @IsOptional()
  @IsTime()
  starts_at?: string | null;

  @IsOptional()
  @IsTime()
  @Describe('When it is closed for good, whatever the timers say; at most a year ahead.')
  endsAt?: string | null;

  @IsOptional()
  @IsTime()
  ends_at?: string | null;

  @MayBeAbsent()
  @IsDto(TimersDto)
  timers?: TimersDto;

  @MayBeAbsent()
  @IsString()
  @MaxLength(40)
  'timers.inactive'?: string;

  @MayBeAbsent()
  @IsString()
  @MaxLength(40)
  'timers.closed'?: string;
}
