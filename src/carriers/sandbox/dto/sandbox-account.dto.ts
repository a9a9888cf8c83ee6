import { Example } from '../../../common/dto/decorators.js';
import { AccountLimitsDto } from '../../dto/account-limits.dto.js';

/** The sandbox needs no credentials. */
@Example({ enabled: true })
export class SandboxAccountDto extends AccountLimitsDto {}
