import { IsString } from 'class-validator';

export class TokenParams {
  @IsString()
  token!: string;
}
