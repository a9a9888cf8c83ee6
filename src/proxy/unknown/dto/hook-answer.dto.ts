import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsOptional, Length, Max, Min } from 'class-validator';
import { IgnoresUnknownFields, IsDto } from '../../../common/dto/decorators.js';

/** Ten years. */
const MOST_MINUTES = 5_256_000;

@IgnoresUnknownFields()
export class HookParticipantDto {
  @Length(3, 32)
  address!: string;

  @IsOptional()
  @Length(1, 100)
  name?: string | null;

  @IsOptional()
  @IsIn(['sms', 'whatsapp'])
  channel?: 'sms' | 'whatsapp' | null;
}

/** What the tenant's hook answers: who is to be in the session beside the writer; without participants there is none. */
@IgnoresUnknownFields()
export class HookAnswerDto {
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsDto(HookParticipantDto, { each: true })
  participants?: HookParticipantDto[] | null;

  @IsOptional()
  @Length(1, 200)
  friendly_name?: string | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_MINUTES)
  expiry_minutes?: number | null;
}
