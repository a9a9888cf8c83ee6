import { Length, Matches } from 'class-validator';
import { Describe, Example, MayBeAbsent } from '../../common/dto/decorators.js';

const PLAIN = /^[!-~]+$/u;
const MESSAGE = { message: 'must have no blank and only characters of ASCII' };

/** One of the two. */
@Example({ token: 'cA1b2C3d4E5:APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx' })
export class DeviceDto {
  @MayBeAbsent()
  @Length(1, 4096)
  @Matches(PLAIN, MESSAGE)
  @Describe("The device's push registration token.")
  token?: string;

  @MayBeAbsent()
  @Length(1, 200)
  @Matches(PLAIN, MESSAGE)
  @Describe('Or its Firebase installation id.')
  fid?: string;
}
