import { Length } from 'class-validator';

export class MessageParams {
  @Length(1, 64)
  id!: string;
}
