import { Matches } from 'class-validator';
import { SUBJECT } from '../../auth/principal.js';
import { idPattern } from '../../common/ids.js';
import { SYSTEM } from '../../domain/actor.js';

/** Whoever submits: an API key, a user, who may come from elsewhere, or the gateway itself. */
export function IsSubmitterId(): PropertyDecorator {
  return Matches(new RegExp(`${idPattern('key')}|${SUBJECT.source}|^${SYSTEM}$`, 'u'), {
    message: 'must be the id of an API key or of a user (key_..., usr_..., or the sub of their token), or system',
  });
}
