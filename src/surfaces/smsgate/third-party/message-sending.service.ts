import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { conflict, invalid, invalidField, notFound } from '../../../common/errors.js';
import type { ShownMessage } from '../../../messages/message.js';
import { MessagesService, type Submitter } from '../../../messages/messages.service.js';
import type { CreateRequestDto } from '../../../requests/dto/create-request.dto.js';
import { RequestsService } from '../../../requests/requests.service.js';
import { RouteChoice } from '../../../routing/route-choice.js';
import type { SendMessageDto } from './dto/send-message.dto.js';
import { showState } from './message-state.js';

const PAGE = 500;
const MESSAGE_ID = /^msg_[0-9a-z]{30,40}$/;
const REQUEST_ID = /^req_[0-9a-z]{26}$/;

/** A message of that API is a request of ours; the caller's own id is the `client_reference` of its messages. */
@Injectable()
export class MessageSending {
  constructor(
    private readonly requests: RequestsService,
    private readonly messages: MessagesService,
    private readonly routes: RouteChoice,
  ) {}

  /** @throws ApiError 400, 409 for an id that is known already, and what `POST /requests` refuses. */
  async send(caller: Submitter, body: SendMessageDto) {
    const id = body.id ?? undefined;
    if (id !== undefined && (REQUEST_ID.test(id) || (await this.byReference(caller, id, 1)).length > 0))
      throw conflict('message_exists', `A message with the id ${id} exists already.`, [
        { field: 'id', message: 'is known already; choose another, or leave it out' },
      ]);
    // Two calls with one id at the same moment are one.
    const key = id === undefined ? undefined : `smsgate:${createHash('sha256').update(id).digest('base64url')}`;
    const { request_id } = await this.requests.submit(caller, await this.toRequest(caller, body), key);
    return showState(id ?? request_id, await this.ofRequest(caller, request_id));
  }

  /** @throws ApiError 404 */
  async get(caller: Submitter, id: string) {
    const messages = await this.find(caller, id);
    if (messages.length === 0) throw notFound('message', id);
    return showState(id, messages);
  }

  /** By our id of it, or of one recipient's message; else by the caller's own. */
  private async find(caller: Submitter, id: string): Promise<ShownMessage[]> {
    if (MESSAGE_ID.test(id)) return [await this.messages.get(caller, id)];
    if (!REQUEST_ID.test(id)) return this.byReference(caller, id);
    await this.requests.get(caller, id);
    return this.ofRequest(caller, id);
  }

  private async toRequest(caller: Submitter, body: SendMessageDto): Promise<CreateRequestDto> {
    const text = body.textMessage?.text ?? body.message;
    if (body.isEncrypted) throw invalidField('isEncrypted', 'must be false: the gateway can’t read an encrypted text');
    if (!text) throw invalidField('message', 'is required: the text');
    if (body.ttl && body.validUntil)
      throw invalid([{ field: 'validUntil', message: 'can’t be given together with ttl; leave one of them out' }]);
    const priority = body.priority ?? 0;
    return {
      text,
      route: await this.routeOf(caller, body.deviceId),
      messages: body.phoneNumbers.map((to) => ({ to })),
      priority: priority > 0 ? 'HIGH' : priority < 0 ? 'LOW' : 'NORMAL',
      ...(body.id ? { client_reference: body.id } : {}),
      ...(body.simNumber ? { sim_slot: body.simNumber - 1 } : {}),
      ...(body.ttl ? { ttl_seconds: body.ttl } : {}),
      ...(body.validUntil ? { expires_at: body.validUntil } : {}),
      ...(body.scheduleAt ? { schedule_at: body.scheduleAt } : {}),
    };
  }

  private async routeOf(caller: Submitter, deviceId: string | null | undefined): Promise<string> {
    if (deviceId) return `agent:${deviceId}`;
    const route = await this.routes.choose(caller.tenant, 'sms');
    if (!route) throw conflict('no_route', 'There is no phone and no carrier to send by. Register a phone first.');
    return route;
  }

  private async ofRequest(caller: Submitter, request_id: string): Promise<ShownMessage[]> {
    const all: ShownMessage[] = [];
    for (let cursor: string | undefined; ;) {
      const page = { limit: PAGE, skip: 0, ...(cursor ? { cursor } : {}) };
      const { items, next } = await this.messages.list(caller, { request_id }, page);
      all.push(...items);
      if (!next) return all;
      cursor = next;
    }
  }

  private async byReference(caller: Submitter, client_reference: string, limit = PAGE): Promise<ShownMessage[]> {
    return (await this.messages.list(caller, { client_reference }, { limit, skip: 0 })).items.toReversed();
  }
}
