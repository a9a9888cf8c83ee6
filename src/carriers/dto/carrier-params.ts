import { IsString } from 'class-validator';

/** `:name` in a path; one that no carrier has is a 404. */
export class CarrierParams {
  @IsString()
  name!: string;
}
