import { Length } from 'class-validator';
import { MessageOptionsDto } from './message-options.dto.js';

/** One number of a request. */
export class NewMessageDto extends MessageOptionsDto {
  @Length(1, 64)
  to!: string;
}
