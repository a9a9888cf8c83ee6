import { MaxLength, MinLength } from 'class-validator';

/** `:number` in a path, typed as people do. */
export class TnParams {
  @MinLength(1)
  @MaxLength(40)
  number!: string;
}
