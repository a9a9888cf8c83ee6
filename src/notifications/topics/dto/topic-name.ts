import { applyDecorators } from '@nestjs/common';
import { Matches, MaxLength } from 'class-validator';

/** As Firebase names its topics. */
export const TOPIC_NAME = /^[a-zA-Z0-9\-_.~%]+$/u;

export function IsTopicName(): PropertyDecorator {
  return applyDecorators(
    MaxLength(200),
    Matches(TOPIC_NAME, { message: 'must be letters, digits and - _ . ~ %, such as news' }),
  );
}
