import { Controller, Get, Logger, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentPrincipal } from '../../agents/agent.authenticator.js';
import { PhoneOf } from '../../agents/phone-of.js';
import { Allow } from '../../auth/allow.js';
import { Answers, ExampleText } from '../../common/http/answers.js';
import { Surface } from '../../common/http/surfaces.js';
import { AppSettings } from './app-settings.service.js';
import { EventStream } from './event-stream.service.js';
import { MOBILE_PATH } from './mobile-path.js';

const KEEP_ALIVE_MILLIS = 15_000;
/** What a phone that reads nothing may leave in our memory. */
const MOST_UNREAD = 64 * 1024;

@ApiTags('phones with SMSGate')
@Controller(MOBILE_PATH)
@Surface('smsgate')
@Allow({ agents: true })
export class EventsController {
  private readonly logger = new Logger('SMSGate');

  constructor(
    private readonly stream: EventStream,
    private readonly settings: AppSettings,
  ) {}

  @Get('events')
  @ApiOperation({ summary: 'Tell the app, as server-sent events, when there is something for it' })
  @Answers(ExampleText(':keepalive\n\nevent: MessageEnqueued\ndata: null\n\n'), { type: 'text/event-stream' })
  open(@PhoneOf('smsgate') caller: AgentPrincipal, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { raw } = reply.hijack();
    const gone = new AbortController();
    if (raw.destroyed) gone.abort();
    else raw.once('close', () => gone.abort());
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // nginx would keep events back.
      'x-accel-buffering': 'no',
    });
    const write = (text: string) => {
      if (raw.writableLength > MOST_UNREAD) raw.destroy();
      else if (!gone.signal.aborted) raw.write(text);
    };
    write(':keepalive\n\n');
    const beat = setInterval(() => write(':keepalive\n\n'), KEEP_ALIVE_MILLIS);
    this.stream
      // The app drops an event without a line of data.
      .run(
        caller,
        this.settings.baseUrl(request),
        ({ type, data }) => write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`),
        gone.signal,
      )
      .catch((error: unknown) => this.logger.error(error))
      .finally(() => {
        clearInterval(beat);
        raw.end();
      });
  }
}
