import { IsInt, Min } from 'class-validator';
import { MayBeAbsent } from '../../common/dto/decorators.js';

export class ApproveTemplateDto {
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  version?: number;
}
