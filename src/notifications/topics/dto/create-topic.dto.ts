import { Example, MayBeAbsent } from '../../../common/dto/decorators.js';
import { NotBlank } from '../../../common/dto/field-types.js';
import { IsTopicName } from './topic-name.js';

@Example({ name: 'news', title: 'Tin tức' })
export class CreateTopicDto {
  @IsTopicName()
  name!: string;

  @MayBeAbsent()
  @NotBlank(200)
  title?: string;
}
