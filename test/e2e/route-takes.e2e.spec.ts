import { Body, Controller, Get, HttpCode, Module, Post, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Allow, Public } from '../../src/auth/allow.js';
import { CommonModule } from '../../src/common/common.module.js';
import { invalidField, type ApiError } from '../../src/common/errors.js';
import { BODY_KINDS } from '../../src/common/http/body-kinds.js';
import { BodyWatch } from '../../src/common/http/body-watch.js';
import { ErrorFilter } from '../../src/common/http/error.filter.js';
import { createHttpAdapter } from '../../src/common/http/http-adapter.js';
import { KnownRoutes } from '../../src/common/http/known-routes.js';
import { createLogger } from '../../src/common/http/logger.js';
import { useParsedBodies } from '../../src/common/http/parsed-bodies.js';
import { useRouteBodies } from '../../src/common/http/route-bodies.js';
import { Takes } from '../../src/common/http/route-takes.js';
import { Surface, SURFACES } from '../../src/common/http/surfaces.js';
import { useUploads } from '../../src/common/http/upload-routes.js';
import { loadConfig } from '../../src/config/load-config.js';
import { Api } from '../support/api.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { TestClock } from '../support/test-clock.js';
import { waitFor } from '../support/wait-for.js';

// What a new room adds to the two catalogues.
Object.assign(BODY_KINDS, {
  form: {
    types: ['application/x-www-form-urlencoded'],
    parse: (body: Buffer) => Object.fromEntries(new URLSearchParams(body.toString())),
  },
});
Object.assign(SURFACES, {
  carrier: { errorBody: ({ code, message }: ApiError) => ({ fault: code, because: message }) },
});
const form = 'form' as 'json';
const carrier = 'carrier' as 'trunkline';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

@Controller('callbacks')
@Public()
@Surface(carrier)
class CallbacksController {
  @Post('status')
  @HttpCode(200)
  @Takes({ kinds: [form], atMost: '1 KiB', seconds: 10 })
  status(@Body() body: { id?: string }) {
    if (!body.id) throw invalidField('id', 'is required');
    return { took: body.id.length };
  }

  @Post('either')
  @HttpCode(200)
  @Takes({ kinds: ['json', form], atMost: '128 KiB' })
  either(@Body() body: { id: string }) {
    return { took: body.id.length };
  }

  @Post('ours')
  @HttpCode(200)
  @Surface('trunkline')
  ours() {
    throw invalidField('id', 'is required');
  }

  @Get('status')
  look() {
    return { done: true };
  }
}

@Controller('usual')
@Allow({ scopes: ['sms:send'] })
class UsualController {
  @Post()
  @HttpCode(200)
  take(@Body() body: { id: string }) {
    return { took: body.id.length };
  }
}

/** A gateway of these controllers alone, without asking who calls. */
async function start(...controllers: Type[]): Promise<NestFastifyApplication> {
  const config = loadConfig({ LOG_LEVEL: 'silent' });
  const adapter = createHttpAdapter(config, createLogger(config));
  const fastify = adapter.getInstance();
  const routes = new KnownRoutes(fastify);
  useRouteBodies(fastify);
  await useUploads(fastify);
  @Module({ imports: [CommonModule.with(config, new TestClock())], controllers })
  class SmallModule {}
  const options = { logger: false as const, bodyParser: false, abortOnError: false };
  const app = await NestFactory.create<NestFastifyApplication>(SmallModule, adapter, options);
  app.get(BodyWatch).watch(fastify);
  useParsedBodies(fastify);
  app.useGlobalFilters(new ErrorFilter(routes));
  await app.init();
  return app;
}

describe('what a route says of itself', () => {
  let app: NestFastifyApplication;
  let api: Api;
  beforeAll(async () => {
    app = await start(CallbacksController, UsualController);
    await app.listen(0, '127.0.0.1');
    api = new Api(await app.getUrl());
  });
  afterAll(() => app.close());

  const fill = (bytes: number) => `id=${'x'.repeat(bytes - 3)}`;
  const json = (bytes: number) => `{"id":"${'x'.repeat(bytes - 9)}"}`;

  describe('is the shape of its errors', () => {
    it('for its callers, and the usual one on a handler of its own', async () => {
      const { status, body } = await api.post('/callbacks/status', 'x=1', FORM);
      expect({ status, body }).toEqual({ status: 400, body: { fault: 'invalid_request', because: 'id: is required' } });
      expectError(await api.post('/callbacks/ours', {}), 400, 'invalid_request', 'id');
    });

    it('which other routes and unknown paths don’t have', async () => {
      expectError(await api.post('/usual', '{'), 400, 'invalid_json');
      expectError(await api.post('/callbacks/nowhere', 'x=1', FORM), 404, 'route_not_found');
    });

    it('also for a method that the path doesn’t have', async () => {
      const { status, body } = await api.put('/callbacks/status', {});
      expect({ status, body }).toMatchObject({ status: 405, body: { fault: 'method_not_allowed' } });
      expectError(await api.put('/usual', {}), 405, 'method_not_allowed');
    });
  });

  it.each([
    ['/callbacks/status', fill, 1024, FORM],
    ['/callbacks/either', fill, 128 * 1024, FORM],
    ['/callbacks/either', json, 128 * 1024, {}],
    ['/usual', json, 1024 * 1024, {}],
  ])('is the size of a body: %s', async (path, bodyOf, bytes, headers) => {
    expect((await api.post(path, bodyOf(bytes), headers)).status).toBe(200);
    expect((await api.post(path, bodyOf(bytes + 1), headers)).status).toBe(413);
  });

  it('is the size of a body that doesn’t say it', async () => {
    const send = (bytes: number) => {
      const body = new Blob([fill(bytes)]).stream();
      return fetch(`${api.url}/callbacks/status`, {
        method: 'POST',
        body,
        headers: FORM,
        duplex: 'half',
      } as RequestInit);
    };
    expect((await send(1024)).status).toBe(200);
    const refused = await send(1025);
    expect(refused.status).toBe(413);
    const because = 'The body is larger than this route allows: 1 KiB at most.';
    expect(await refused.json()).toEqual({ fault: 'body_too_large', because });
  });

  it('is the kinds of body', async () => {
    const refused = await api.post('/callbacks/status', { id: 'x' });
    const because = 'Send the body as application/x-www-form-urlencoded.';
    expect([refused.status, refused.body]).toEqual([415, { fault: 'unsupported_media_type', because }]);
    const named = { 'content-type': 'Application/X-WWW-Form-urlencoded; charset=utf-8' };
    expect((await api.post('/callbacks/status', 'id=x', named)).status).toBe(200);
    const usual = await api.post('/usual', 'id=x', FORM);
    expectError(usual, 415, 'unsupported_media_type');
    expect(usual.body.message).toBe('Send the body as application/json.');
    expect((await api.post('/callbacks/either', 'a,b\n', { 'content-type': 'text/csv' })).body.because).toBe(
      'Send the body as application/json or as application/x-www-form-urlencoded.',
    );
  });

  it('is the time in which a body arrives', async () => {
    const watch = app.get(BodyWatch);
    const begin = async (path: string, type: string) => {
      const before = watch['open'].size;
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
      socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 100\r\n\r\nid=`);
      let answer = '';
      socket.setEncoding('utf8').on('data', (piece) => (answer += piece));
      const closed = once(socket, 'close').then(() => answer);
      await waitFor(() => expect(watch['open'].size).toBe(before + 1));
      return closed;
    };
    const short = begin('/callbacks/status', FORM['content-type']);
    await waitFor(() => expect(watch['open'].size).toBe(1));
    const long = begin('/usual', 'application/json');
    await waitFor(() => expect(watch['open'].size).toBe(2));
    const sweepIn = (seconds: number) => watch.sweep(performance.now() + seconds * 1000);
    sweepIn(5);
    expect(watch['open'].size).toBe(2);
    sweepIn(11);
    expect(watch['open'].size).toBe(1);
    expect(await short).toMatch(/^HTTP\/1.1 408 [^]*\{"fault":"body_timeout"/);
    sweepIn(30);
    expect(watch['open'].size).toBe(1);
    sweepIn(61);
    expect(await long).toMatch(/^HTTP\/1.1 408 [^]*"code":"body_timeout"/);
  });
});

it('what a route says of its bodies is in the document', async () => {
  const gateway = await TestGateway.start();
  try {
    const { body: document } = await gateway.api.get('/schema/openapi.json');
    const told = (path: string) => {
      const { requestBody, responses } = document.paths[path].post;
      const wrongKind = document.components.responses[responses['415'].$ref.split('/').at(-1)];
      const { message } = wrongKind.content['application/json'].example;
      return [requestBody.description, message, '408' in responses];
    };
    expect(told('/requests')).toEqual(['8 MiB at most.', 'Send the body as application/json.', true]);
    expect(told('/templates')).toEqual(['1 MiB at most.', 'Send the body as application/json.', true]);
    expect(told('/auth/login')).toEqual(['64 KiB at most.', 'Send the body as application/json.', true]);
    const file = 'Send the file as multipart/form-data or as text/csv.';
    expect(told('/requests/import')).toEqual([undefined, file, false]);
    expect(JSON.stringify(document)).not.toContain('x-takes');
  } finally {
    await gateway.stop();
  }
});

describe('what a route can’t say', () => {
  let app: NestFastifyApplication | undefined;
  afterEach(() => app?.close());

  it.each([
    [{ kinds: [] }, /names kinds of body out of json, told, form, event, fields, unread_form, upload/],
    [{ kinds: ['xml' as 'json'] }, /"xml" is not one of them/],
    [{ kinds: ['json', 'upload'] as const }, /upload, which streams/],
    [{ kinds: ['upload'] as const, atMost: '1 MiB' as const }, /can't limit upload/],
    [{ atMost: '0 KiB' as const }, /"0 KiB" is not a size/],
    [{ atMost: '1.5 MiB' as const }, /"1.5 MiB" is not a size/],
    [{ atMost: '1 GiB' as '1 MiB' }, /"1 GiB" is not a size/],
    [{ seconds: 0 }, /whole seconds/],
    [{ seconds: 0.5 }, /whole seconds/],
  ])('%j', (said, sentence) => {
    const declare = () => {
      class Impossible {
        @Takes(said)
        take() {}
      }
      return Impossible;
    };
    expect(declare).toThrow(sentence);
    expect(declare).toThrow(/^Impossible\.take: @Takes /);
  });

  it('that it is of a surface which nobody knows', () => {
    expect(() => Surface('nobody' as 'health')).toThrow(/"nobody" is not one of them/);
  });

  it('for handlers that another controller has, too', () => {
    class Heir extends UsualController {}
    expect(() => Surface('health')(Heir)).toThrow(/^Heir may inherit handlers/);
  });

  it('of the body of a GET', async () => {
    @Controller('read')
    @Public()
    class ReadController {
      @Get()
      @Takes({ atMost: '1 KiB' })
      read() {}
    }
    await expect(start(ReadController).then((started) => (app = started))).rejects.toThrow('GET /read takes no body');
  });
});
