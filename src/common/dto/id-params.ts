import { IsString } from 'class-validator';

/** `:id` in a path. A malformed id isn't a 400: it is unknown like any other id that doesn't exist (404). */
export class IdParams {
  @IsString()
  id!: string;
}
