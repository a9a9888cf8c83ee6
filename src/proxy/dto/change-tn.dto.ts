import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, Matches } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsId, IsSimSlot } from '../../common/dto/field-types.js';
import { TN_CHANNELS, type TnChannel } from '../tn.js';

/** What isn't given stays as it is. */
@Example({ channels: ['sms', 'voice'], mode: 'exclusive' })
export class ChangeTnDto {
  @MayBeAbsent()
  @IsId('agt')
  @Describe('The phone whose SIM has this number from now on.')
  agent_id?: string;

  @IsOptional()
  @IsSimSlot()
  @Describe('Which SIM of the phone; null where it has one.')
  sim_slot?: number | null;

  @MayBeAbsent()
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/u, { message: 'must be the name of a carrier, such as twilio' })
  @Describe('The carrier whose account has this number from now on, instead of agent_id.')
  carrier?: string;

  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(3)
  @IsIn(TN_CHANNELS, { each: true })
  @Describe('All that it can be used for; one can be taken away while nobody uses it.')
  channels?: TnChannel[];

  @MayBeAbsent()
  @IsIn(['shared', 'exclusive'])
  @Describe('A number becomes exclusive while one session uses it at most.')
  mode?: 'shared' | 'exclusive';
}
