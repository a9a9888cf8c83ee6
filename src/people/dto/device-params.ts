import { IsString } from 'class-validator';

export class DeviceParams {
  @IsString()
  device!: string;
}
