import { schemaOf } from '../../common/dto/schema-of.js';
import { parseToldJson } from '../../common/http/json-body.js';
import { bodyParser } from '../../common/schema.js';
import { PollDto } from './dto/poll.dto.js';

const schema = schemaOf(PollDto);
const check = bodyParser<PollDto>(schema);

/** For the document. */
export const POLL = { required: true, content: { 'application/json': { schema: schema as never } } };

/** @throws ApiError 400 for a body that isn't JSON, or has something else in place of a list. */
export function readPoll(body: string): PollDto {
  return check(parseToldJson(Buffer.from(body)));
}
