import { IsNumber, IsOptional, Matches, Max, MaxLength, Min } from 'class-validator';
import { Example, IgnoresUnknownFields } from '../../common/dto/decorators.js';
import { AreToldSims, type ToldSimDto } from './sims.js';

@IgnoresUnknownFields()
@Example({ status: 'online', battery_level: 80, signal: -71, app_version: '1.4.0' })
export class HeartbeatDto {
  @Matches(/^[a-z_]{1,30}$/u, { message: 'must be a word such as online or offline' })
  status: string = 'online';

  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(100)
  battery_level?: number | null;

  @IsOptional()
  @IsNumber()
  @Min(-200)
  @Max(200)
  signal?: number | null;

  @IsOptional()
  @MaxLength(200)
  app_version?: string | null;

  @IsOptional()
  @AreToldSims()
  sims?: ToldSimDto[] | null;
}
