import { MayBeAbsent } from './decorators.js';
import { IsPageCursor, IsPageLimit, IsPageSkip } from './field-types.js';

/** Query parameters of every list; a list with filters extends it. */
export class PageQuery {
  @IsPageLimit()
  limit: number = 50;

  @IsPageSkip()
  skip: number = 0;

  @MayBeAbsent()
  @IsPageCursor()
  cursor?: string;
}
