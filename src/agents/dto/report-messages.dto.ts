import { ArrayMaxSize, IsArray, IsIn, IsOptional, Length, MaxLength } from 'class-validator';
import { Example, IgnoresUnknownFields, IsDto, Rule } from '../../common/dto/decorators.js';
import { IsTime } from '../../common/dto/field-types.js';
import { MESSAGE_STATUSES, type MessageStatus } from '../../domain/message-status.js';

/** A word or a number, as the phone's radio gives it. */
function IsErrorCode(): PropertyDecorator {
  return Rule(
    'isErrorCode',
    { anyOf: [{ type: 'string', maxLength: 500 }, { type: 'number' }] },
    (value) => typeof value === 'number' || (typeof value === 'string' && [...value].length <= 500),
  );
}

@IgnoresUnknownFields()
export class ReportedErrorDto {
  @IsOptional()
  @IsErrorCode()
  code?: string | number | null;

  @IsOptional()
  @MaxLength(2000)
  message?: string | null;
}

/** What became of one message. */
@IgnoresUnknownFields()
export class ReportedMessageDto {
  @Length(1, 100)
  message_id!: string;

  @IsIn(MESSAGE_STATUSES)
  status!: MessageStatus;

  @IsOptional()
  @IsDto(ReportedErrorDto)
  error?: ReportedErrorDto | null;

  @IsOptional()
  @IsTime()
  reported_at?: string | null;

  @IsOptional()
  @MaxLength(100)
  lease_id?: string | null;
}

@IgnoresUnknownFields()
@Example({
  messages: [{ message_id: 'msg_01jd2m0q8nfgt1vwzzk4x6s5ah0000', status: 'SENT', reported_at: '2026-11-21T10:00:00Z' }],
})
export class ReportMessagesDto {
  @IsArray()
  @ArrayMaxSize(1000)
  @IsDto(ReportedMessageDto, { each: true })
  messages!: ReportedMessageDto[];
}
