import { Matches } from 'class-validator';

export class JoinParams {
  @Matches(/^\d{6}$/u, { message: 'must be the six digits of a registration code' })
  code!: string;
}
