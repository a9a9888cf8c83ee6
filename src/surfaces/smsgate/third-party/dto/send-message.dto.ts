import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Describe, Example, IgnoresUnknownFields, IsDto } from '../../../../common/dto/decorators.js';
import { IsTime, MOST_SIMS } from '../../../../common/dto/field-types.js';

@IgnoresUnknownFields()
export class TextMessageDto {
  @Length(1, 10_000)
  text!: string;
}

@Example({ message: 'Ma OTP 123456', phoneNumbers: ['+84901234567'] })
@IgnoresUnknownFields()
export class SendMessageDto {
  @IsOptional()
  @Length(1, 36)
  @Describe('The caller’s own; a second message with it is a 409.')
  id?: string | null;

  @IsOptional()
  @Length(1, 10_000)
  message?: string | null;

  @IsOptional()
  @IsDto(TextMessageDto)
  @Describe('Newer clients send the text in here.')
  textMessage?: TextMessageDto | null;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(5000)
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  phoneNumbers!: string[];

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_SIMS)
  @Describe('From 1.')
  simNumber?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(30 * 86_400)
  @Describe('Seconds.')
  ttl?: number | null;

  @IsOptional()
  @IsTime()
  validUntil?: string | null;

  @IsOptional()
  @IsTime()
  scheduleAt?: string | null;

  @IsOptional()
  @IsInt()
  @Min(-128)
  @Max(127)
  @Describe('Above 0 is HIGH, below is LOW.')
  priority?: number | null;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Describe('A phone; without one the gateway chooses.')
  deviceId?: string | null;

  @IsOptional()
  @IsBoolean()
  isEncrypted?: boolean | null;
}
