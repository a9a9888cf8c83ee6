import { IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';
import { Describe, Example, IsDto, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsMetadata } from '../../common/dto/value-records.js';
import { IsRoute, IsTextEncoding, IsTime } from '../../common/dto/field-types.js';
import { NUMBER_CHANNELS, type NumberChannel } from '../../domain/channel.js';
import type { TextEncoding } from '../../domain/gsm7.js';
import { MessageOptionsDto } from './message-options.dto.js';
import { NewMessageDto } from './new-message.dto.js';

/** The length of `messages`, and ids that don't exist, are judged in the order of the checks and not here. */
@Example({
  template_id: 'tpl_01jd2m0q8nfgt1vwzzk4x6s5ah',
  agent_id: 'agt_01jd2m0q8nfgt1vwzzk4x6s5ah',
  messages: [{ to: '0901234567', variables: { CODE: '123456' } }],
})
export class CreateRequestDto extends MessageOptionsDto {
  @MayBeAbsent()
  @IsString()
  @MaxLength(100)
  template_id?: string;

  @MayBeAbsent()
  @Length(1, 10_000)
  @Describe('Instead of a template; needs the scope sms:send_text.')
  text?: string;

  @MayBeAbsent()
  @IsTextEncoding()
  @Describe(
    'gsm7 transliterates what the GSM alphabet lacks, so that a segment holds 160 characters; wins over the template.',
  )
  encoding?: TextEncoding;

  @MayBeAbsent()
  @IsString()
  @MaxLength(100)
  agent_id?: string;

  @MayBeAbsent()
  @IsRoute()
  @Describe('agent:<id>, group:<name> or carrier:<name>, instead of agent_id.')
  route?: string;

  @MayBeAbsent()
  @IsIn(NUMBER_CHANNELS)
  @Describe('sms (the default) or whatsapp, where the route can send it.')
  channel?: NumberChannel;

  @MayBeAbsent()
  @IsBoolean()
  @Describe('Also for a group without any active phone: the messages wait until one joins it. Else that is a 409.')
  allow_empty_route?: boolean;

  @MayBeAbsent()
  @IsArray()
  @IsDto(NewMessageDto, { each: true })
  messages?: NewMessageDto[];

  @IsOptional()
  @IsTime()
  @Describe('ISO 8601; without a zone it is UTC.')
  expires_at?: string | null;

  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(30 * 86_400)
  ttl_seconds?: number;

  @IsOptional()
  @IsMetadata()
  metadata?: Record<string, string | number | boolean | null> | null;
}
