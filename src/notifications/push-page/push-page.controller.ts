import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Allow, Public } from '../../auth/allow.js';
import { Caller } from '../../auth/current.js';
import type { User } from '../../auth/principal.js';
import { Answers, ExampleText } from '../../common/http/answers.js';
import { pageHeaders } from '../../common/http/page.js';
import { ValidBody } from '../../common/http/parameters.js';
import { Surface } from '../../common/http/surfaces.js';
import { Device } from '../../people/device-answers.js';
import { DevicesService } from '../../people/devices.service.js';
import { DeviceDto } from '../../people/dto/device.dto.js';
import { PUSH_POLICY } from './firebase-scripts.js';
import { PAGE_SCRIPT } from './page-script.js';
import { PushPageService } from './push-page.service.js';
import { pushPage } from './push-section.js';

const Page = ExampleText('<!doctype html>\n<html lang="en">...</html>\n');
const Script = ExampleText("'use strict';\n...\n");
const WebConfig = Type.Record(Type.String(), Type.String(), {
  examples: [{ apiKey: 'AIza...', projectId: 'shop-4711', messagingSenderId: '1', appId: '1:1:web:1' }],
});
const AS_SCRIPT = { 'content-type': 'text/javascript; charset=utf-8' };

@ApiTags('push page')
@Controller()
@Surface('page')
export class PushPageController {
  constructor(
    private readonly pages: PushPageService,
    private readonly devices: DevicesService,
  ) {}

  @Get('push')
  @Public()
  @ApiOperation({ summary: 'Show the registration token of this browser for pushes, as a page' })
  @Answers(Page, { type: 'text/html' })
  async page(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const view = await this.pages.viewFor(request);
    void reply.headers(pageHeaders(view.language, PUSH_POLICY));
    return pushPage(view);
  }

  @Get('console/push')
  @Public()
  @ApiOperation({ summary: 'Show the same page where the console has it' })
  @Answers(Page, { type: 'text/html' })
  consolePage(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.page(request, reply);
  }

  @Get('push/page.js')
  @Public()
  @ApiOperation({ summary: 'Give the script of the page' })
  @Answers(Script, { type: 'text/javascript' })
  script(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.headers({ ...AS_SCRIPT, 'cache-control': 'max-age=300' });
    return PAGE_SCRIPT;
  }

  @Get('push/config.json')
  @Public()
  @ApiOperation({ summary: 'Give the web configuration of Firebase, which is no secret' })
  @Answers(WebConfig)
  config(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('cache-control', 'no-store');
    return this.pages.config();
  }

  @Get('firebase-messaging-sw.js')
  @Public()
  @ApiOperation({ summary: 'Give the service worker, which takes pushes while the page is not open' })
  @Answers(Script, { type: 'text/javascript' })
  async serviceWorker(@Res({ passthrough: true }) reply: FastifyReply) {
    const script = await this.pages.serviceWorker();
    // What a worker may load is in its own headers, not in those of the page.
    const policy = ["default-src 'none'", ...PUSH_POLICY].join('; ');
    const rules = { 'content-security-policy': policy, 'service-worker-allowed': '/', 'cache-control': 'no-cache' };
    void reply.headers({ ...AS_SCRIPT, ...rules });
    return script;
  }

  @Post('push/devices')
  @HttpCode(200)
  @Allow({ role: 'member' })
  @ApiOperation({ summary: 'Register this browser as a device of mine, as POST /me/devices; the page calls it' })
  @Answers(Device)
  add(@Caller() caller: User, @ValidBody() body: DeviceDto) {
    return this.devices.add(caller, body);
  }
}
