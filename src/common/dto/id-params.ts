import { IsString } from 'class-validator';

/** `:id` in a path. An id that nobody could have made isn't refused as wrong: it is as unknown as any other (404). */
export class IdParams {
  @IsString()
  id!: string;
}
