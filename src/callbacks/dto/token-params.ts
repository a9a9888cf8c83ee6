import { IsString } from 'class-validator';

/** `:token` in a path. A malformed one isn't a 400: it is no account's, like any other that nobody has (403). */
export class TokenParams {
  @IsString()
  token!: string;
}
