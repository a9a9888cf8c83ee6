import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Example, IgnoresUnknownFields, IsDto } from '../../../common/dto/decorators.js';
import { MOST_SIMS } from '../../../common/dto/field-types.js';

/** A SIM as the app tells of it. */
@IgnoresUnknownFields()
export class SimCardDto {
  @IsInt()
  @Min(0)
  @Max(MOST_SIMS - 1)
  slotIndex!: number;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  phoneNumber?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  carrierName?: string | null;
}

function AreSimCards(): PropertyDecorator {
  return applyDecorators(IsOptional(), IsArray(), ArrayMaxSize(MOST_SIMS), IsDto(SimCardDto, { each: true }));
}

const simCards = [{ slotIndex: 0, phoneNumber: '*******4321', carrierName: 'Viettel' }];

@Example({ name: 'samsung/a54x', simCards })
@IgnoresUnknownFields()
export class RegisterDeviceDto {
  @IsOptional()
  @IsString()
  @MaxLength(200)
  name?: string | null;

  @AreSimCards()
  simCards?: SimCardDto[] | null;
}

@Example({ simCards })
@IgnoresUnknownFields()
export class UpdateDeviceDto {
  @AreSimCards()
  simCards?: SimCardDto[] | null;
}
