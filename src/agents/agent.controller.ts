import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, Public } from '../auth/allow.js';
import { readCredentials } from '../auth/principal-source.js';
import { Caller } from '../auth/current.js';
import { hangUp } from '../common/http/hang-up.js';
import { EntriesBody, ToldBody, ValidQuery } from '../common/http/parameters.js';
import { Takes } from '../common/http/route-takes.js';
import type { Told } from '../common/http/told.js';
import type { AgentPrincipal } from './agent.authenticator.js';
import { PhoneOf } from './phone-of.js';
import { StatusReportsService } from './status-reports.service.js';
import { HeartbeatDto } from './dto/heartbeat.dto.js';
import { NextJobsQuery } from './dto/next-jobs.query.js';
import { RegisterAgentDto } from './dto/register-agent.dto.js';
import { ReportMessagesDto } from './dto/report-messages.dto.js';
import { HeartbeatService } from './heartbeat.service.js';
import { JobsService } from './jobs.service.js';
import { RegistrationService } from './registration.service.js';
import { Answers } from '../common/http/answers.js';
import { HeartbeatAnswer, JobBatch, Registered, ReportResults } from './agent-answers.js';

/** What proves whose phone it is isn't guessed at. */
const CREDENTIALS = ['device_id', 'registration_secret', 'rotation_code', 'tenant', 'rotate_token'] as const;

/** What phones speak. Fields that we don't know are ignored here: apps are older or newer than the gateway. */
@ApiTags('agent protocol')
@Controller('agent')
@Allow({ agents: true })
export class AgentController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly heartbeats: HeartbeatService,
    private readonly jobs: JobsService,
    private readonly reports: StatusReportsService,
  ) {}

  @Post('register')
  @Public()
  @Takes({ kinds: ['told'] })
  @ApiOperation({ summary: 'Register a phone, or give a known one a new token' })
  @Answers(Registered, { also: 200 })
  async register(
    @ToldBody(RegisterAgentDto, CREDENTIALS) { told: body, ignored }: Told<RegisterAgentDto>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const registered = await this.registration.register({
      deviceId: body.device_id,
      label: body.label ?? undefined,
      secret: body.registration_secret ?? undefined,
      code: body.rotation_code ?? undefined,
      tenantSlug: body.tenant ?? undefined,
      rotate: ![false, 0, '0', 'false'].includes(body.rotate_token as never),
      sims: body.sims ?? undefined,
      appVersion: body.app_version ?? undefined,
      token: readCredentials(request).bearer,
      address: request.ip,
    });
    void reply.status(registered.status === 'ok' ? 201 : 200);
    return { ...registered, ...named(ignored) };
  }

  @Post('heartbeat')
  @HttpCode(200)
  @Takes({ kinds: ['told'] })
  @ApiOperation({ summary: 'Tell that the phone lives, and how it is; values that can’t be right are left out' })
  @Answers(HeartbeatAnswer)
  async heartbeat(@Caller() caller: AgentPrincipal, @ToldBody(HeartbeatDto, []) { told, ignored }: Told<HeartbeatDto>) {
    return { ...(await this.heartbeats.beat(caller.agent, told)), ...named(ignored) };
  }

  @Get('jobs/next')
  @ApiOperation({ summary: 'Lease the next jobs; with `wait`, wait for one' })
  @Answers(JobBatch)
  next(
    @PhoneOf('ours') caller: AgentPrincipal,
    @ValidQuery() query: NextJobsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.jobs.next(caller, query.limit, query.wait, hangUp(reply));
  }

  @Post('messages/report')
  @HttpCode(200)
  @Takes({ kinds: ['told'] })
  @ApiOperation({ summary: 'Report what became of messages, with a result for each' })
  @Answers(ReportResults)
  report(@PhoneOf('ours') caller: AgentPrincipal, @EntriesBody(ReportMessagesDto) body: { messages: unknown[] }) {
    return this.reports.apply(caller, body.messages);
  }
}

function named(ignored: readonly string[]) {
  return ignored.length > 0 ? { ignored } : {};
}
