import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.js';
import { Caller } from '../auth/current.js';
import type { User } from '../auth/principal.js';
import { Answers } from '../common/http/answers.js';
import { ValidBody, ValidParams } from '../common/http/parameters.js';
import { Device, Devices } from './device-answers.js';
import { DevicesService } from './devices.service.js';
import { DeviceParams } from './dto/device-params.js';
import { DeviceDto } from './dto/device.dto.js';

@ApiTags('me')
@Controller('me/devices')
@Allow({ role: 'member' })
export class DevicesController {
  constructor(private readonly devices: DevicesService) {}

  @Get()
  @ApiOperation({ summary: 'List my devices that take pushes' })
  @Answers(Devices)
  list(@Caller() caller: User) {
    return this.devices.list(caller);
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Register a device of mine; one that was registered by somebody else is mine then' })
  @Answers(Device)
  add(@Caller() caller: User, @ValidBody() body: DeviceDto) {
    return this.devices.add(caller, body);
  }

  @Delete(':device')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take a device of mine off the list' })
  remove(@Caller() caller: User, @ValidParams() { device }: DeviceParams) {
    return this.devices.remove(caller, device);
  }
}
