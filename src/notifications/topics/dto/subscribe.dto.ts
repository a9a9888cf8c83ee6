import { ArrayMaxSize, IsArray, Length } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../../common/dto/decorators.js';

const MOST = 5000;

@Example({ tokens: ['dQw4w9WgXcQ:APA91b'] })
export class SubscribeDto {
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST)
  @Length(1, 60, { each: true })
  @Describe('Ids of people (per_...).')
  people?: string[];

  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST)
  @Length(1, 4096, { each: true })
  @Describe('Registration tokens of devices.')
  tokens?: string[];

  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST)
  @Length(1, 4096, { each: true })
  @Describe('Firebase installation ids of devices.')
  fids?: string[];
}
