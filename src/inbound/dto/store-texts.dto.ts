import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, Length, MaxLength } from 'class-validator';
import { Example, IgnoresUnknownFields, IsDto } from '../../common/dto/decorators.js';
import { IsSimSlot, IsTime } from '../../common/dto/field-types.js';

/** A text that a phone received. */
@IgnoresUnknownFields()
export class ReceivedTextDto {
  @Length(1, 64)
  from!: string;

  @IsOptional()
  @MaxLength(64)
  to?: string | null;

  @MaxLength(20_000)
  text!: string;

  @IsTime()
  received_at!: string;

  @IsOptional()
  @IsSimSlot()
  sim_slot?: number | null;

  @IsOptional()
  @MaxLength(200)
  external_id?: string | null;
}

@IgnoresUnknownFields()
@Example({ messages: [{ from: '+84901234567', text: 'Cam on', received_at: '2026-11-21T10:00:00Z' }] })
export class StoreTextsDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @IsDto(ReceivedTextDto, { each: true })
  messages!: ReceivedTextDto[];
}
