import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Max,
  Min,
} from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsId, IsReference, IsTime, NotBlank } from '../../common/dto/field-types.js';
import { IsVariableValues } from '../../common/dto/value-records.js';
import { WAYS, type Way } from '../../domain/preference.js';
import type { Variables } from '../../domain/template.js';
import { IsAudience, type To } from './audience.js';

@Example({
  to: [{ phone: '0901234567' }],
  title: 'Lịch hẹn',
  text: 'Mai lúc 9 giờ',
})
export class CreateNotificationDto {
  @IsAudience()
  @Describe(
    'One of person_id, email, phone, token, fid (both of a device at Firebase) and topic; or a list of up to 5,000.',
  )
  to!: To | To[];

  @MayBeAbsent()
  @NotBlank(254)
  @Describe('The subject of an e-mail, the title of a push, the first line of an SMS.')
  title?: string;

  @MayBeAbsent()
  @NotBlank(10_000)
  text?: string;

  @MayBeAbsent()
  @IsId('tpl')
  @Describe('Instead of text: an approved template, in each person’s language where it is translated.')
  template_id?: string;

  @MayBeAbsent()
  @IsVariableValues()
  variables?: Variables;

  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(3)
  @ArrayUnique()
  @IsIn(WAYS, { each: true })
  @Describe('By which ways people are told, one after the other. Absent: as each of them prefers.')
  channels?: Way[];

  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(3)
  @ArrayUnique()
  @IsIn(WAYS, { each: true })
  @Describe('The same as channels.')
  ways?: Way[];

  @MayBeAbsent()
  @IsInt()
  @Min(10)
  @Max(7 * 86_400)
  @Describe('With confirm: whoever has not confirmed it so long after it was sent is told by the next way.')
  escalate_after_seconds?: number;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('Adds a link by which it is confirmed; needs PUBLIC_URL.')
  confirm?: boolean;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('Also in quiet hours, and to people who prefer to be told nothing.')
  critical?: boolean;

  @IsOptional()
  @IsTime()
  @Describe('ISO 8601; without a zone it is UTC. A time that is over means now.')
  send_at?: string | null;

  @IsOptional()
  @IsTime()
  @Describe('The same as send_at.')
  sendtime?: string | null;

  @MayBeAbsent()
  @IsReference()
  client_reference?: string;
}
