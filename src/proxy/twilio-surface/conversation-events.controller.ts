import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../auth/allow.js';
import { Answers, ExampleText } from '../../common/http/answers.js';
import { Takes } from '../../common/http/route-takes.js';
import { Surface } from '../../common/http/surfaces.js';

const Empty = ExampleText('', { description: 'Empty.' });

/**
 * Where the service that the source system stood on told of its conversations. Ours are told of nowhere: a text from somebody in no session
 * arrives like any other, and a closed session frees its numbers by itself. Nothing here is believed, so anybody may call.
 */
@ApiTags('masked conversations: Twilio')
@Controller()
@Surface('conversations')
@Public()
export class ConversationEventsController {
  @Post('global-webhook')
  @HttpCode(200)
  @Takes({ kinds: ['form', 'event'] })
  @ApiOperation({ summary: 'Take an event of Twilio Conversations; it changes nothing' })
  @Answers(Empty, { type: 'text/plain' })
  webhook(): void {}

  @Post('conversations-post-event')
  @HttpCode(200)
  @Takes({ kinds: ['form', 'event'] })
  @ApiOperation({ summary: 'Take an event of Twilio Conversations after the fact; it changes nothing' })
  @Answers(Empty, { type: 'text/plain' })
  postEvent(): void {}
}
