import { IsString } from 'class-validator';
import { TopicParams } from './topic-params.js';

/** `:name` and `:id` in a path: of a topic, and of a person or a device. */
export class SubscriberParams extends TopicParams {
  @IsString()
  id!: string;
}
