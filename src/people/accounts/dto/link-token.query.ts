import { MaxLength } from 'class-validator';

/** Of a link that was mailed. A page says what is wrong with it, so it may be anything. */
export class LinkTokenQuery {
  @MaxLength(2000)
  token: string = '';
}
