import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, Length, Matches } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsId, IsSimSlot } from '../../common/dto/field-types.js';
import { TN_CHANNELS, type TnChannel } from '../tn.js';

@Example({ number: '+84907654321', agent_id: 'agt_01jd2m0q8nfgt1vwzzk4x6s5ah', sim_slot: 0 })
export class CreateTnDto {
  @Length(3, 32)
  number!: string;

  @MayBeAbsent()
  @IsId('agt')
  @Describe('The phone whose SIM has this number. Phones don’t know their own, so somebody has to say it.')
  agent_id?: string;

  @MayBeAbsent()
  @IsSimSlot()
  @Describe('Which SIM of the phone; left out where it has one.')
  sim_slot?: number;

  @MayBeAbsent()
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/u, { message: 'must be the name of a carrier, such as twilio' })
  @Describe('The carrier whose account has this number, instead of agent_id.')
  carrier?: string;

  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(3)
  @IsIn(TN_CHANNELS, { each: true })
  @Describe('What it can be used for: sms (the default), whatsapp, voice. A phone’s number is for sms.')
  channels?: TnChannel[];

  @IsIn(['shared', 'exclusive'])
  @Describe('A shared number serves many sessions at a time, an exclusive one serves one.')
  mode: 'shared' | 'exclusive' = 'shared';
}
