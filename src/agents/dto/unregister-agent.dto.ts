import { IsOptional, MaxLength } from 'class-validator';
import { Example } from '../../common/dto/decorators.js';

@Example({ reason: 'The phone was sold' })
export class UnregisterAgentDto {
  @IsOptional()
  @MaxLength(500)
  reason?: string | null;
}
