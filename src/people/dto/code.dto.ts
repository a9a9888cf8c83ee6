import { Matches } from 'class-validator';
import { Example } from '../../common/dto/decorators.js';

@Example({ code: '123456' })
export class CodeDto {
  @Matches(/^\d{6}$/u, { message: 'must be the six digits that were sent' })
  code!: string;
}
