import { Length } from 'class-validator';
import { Example } from '../../common/dto/decorators.js';

@Example({ name: 'SafeShop 2' })
export class RenameTenantDto {
  @Length(1, 200)
  name!: string;
}
