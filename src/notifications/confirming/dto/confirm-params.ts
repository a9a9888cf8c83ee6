import { IsString } from 'class-validator';

/** `:token` of a link; one that isn't ours is unknown (404). */
export class ConfirmParams {
  @IsString()
  token!: string;
}
