import { IsIn } from 'class-validator';
import { IgnoresUnknownFields } from '../../../common/dto/decorators.js';
import type { Order } from '../message.service.js';

@IgnoresUnknownFields()
export class MessagesQuery {
  @IsIn(['lifo', 'fifo'])
  order: Order = 'fifo';
}
