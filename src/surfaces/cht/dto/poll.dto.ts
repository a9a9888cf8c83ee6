import { IsOptional } from 'class-validator';
import { Describe, Example, IgnoresUnknownFields, Rule } from '../../../common/dto/decorators.js';

const MOST = 1000;

/** Its items are not checked: the app repeats for ever what isn't taken, so one bad entry must not keep the others out. */
function IsListOfAnything(): PropertyDecorator {
  const schema = { type: 'array', maxItems: MOST, items: {} };
  return Rule('isListOfAnything', schema, (value) => Array.isArray(value) && value.length <= MOST);
}

@IgnoresUnknownFields()
@Example({
  messages: [
    {
      id: '3e105262-070c-4913-949b-e7aca4f42b71',
      from: '+84901234567',
      content: 'Vâng ạ',
      sms_sent: 1763719198000,
      sms_received: 1763719200000,
    },
  ],
  updates: [{ id: 'msg_01jd2m0q8nfgt1vwzzk4x6s5ah0000', status: 'FAILED', reason: 'radio-off' }],
})
export class PollDto {
  @IsOptional()
  @IsListOfAnything()
  @Describe('What the phone received: `id`, `from`, `content`, and in milliseconds `sms_sent` and `sms_received`.')
  messages?: unknown[] | null;

  @IsOptional()
  @IsListOfAnything()
  @Describe(
    'What became of texts: `id`, `status` (UNSENT and PENDING: the phone has it and sends it; SENT, DELIVERED, FAILED) and `reason`.',
  )
  updates?: unknown[] | null;
}
