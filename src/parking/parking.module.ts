import { Global, Module } from '@nestjs/common';
import { ParkedRepository } from './parked.repository.js';
import { ParkedRowsService } from './parked-rows.service.js';
import { Parking } from './parking.js';
import { ParkingController } from './parking.controller.js';

@Global()
@Module({
  controllers: [ParkingController],
  providers: [ParkedRepository, Parking, ParkedRowsService],
  exports: [Parking, ParkedRepository],
})
export class ParkingModule {}
