import { Length, Matches } from 'class-validator';
import { Example } from '../../common/dto/decorators.js';

@Example({ slug: 'safeshop', name: 'SafeShop' })
export class CreateTenantDto {
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/u, { message: 'must be lower-case letters, digits and hyphens' })
  slug!: string;

  @Length(1, 200)
  name!: string;
}
