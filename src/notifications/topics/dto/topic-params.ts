import { IsString } from 'class-validator';

/** `:name` in a path; one that no topic can have is unknown like any other (404). */
export class TopicParams {
  @IsString()
  name!: string;
}
