import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { Describe, MayBeAbsent } from './decorators.js';

/** Query parameters of every list; a list with filters extends it. */
export class PageQuery {
  @IsInt()
  @Min(1)
  @Max(500)
  @Describe('Items on a page.')
  limit: number = 50;

  @IsInt()
  @Min(0)
  @Max(100_000)
  @Describe('Items to leave out; use `cursor` for deep pages.')
  skip: number = 0;

  @MayBeAbsent()
  @IsString()
  @MaxLength(200)
  @Describe('The `next` of the page before.')
  cursor?: string;
}
