import { IsInt, IsNumber, Max, Min } from 'class-validator';
import { Describe, IgnoresUnknownFields } from '../../common/dto/decorators.js';

@IgnoresUnknownFields()
export class NextJobsQuery {
  @IsInt()
  @Min(1)
  @Max(200)
  @Describe('Most jobs in one answer.')
  limit: number = 50;

  @IsNumber()
  @Min(0)
  @Max(30)
  @Describe('Seconds to wait for a job when there is none.')
  wait: number = 0;
}
