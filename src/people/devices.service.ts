import { Injectable } from '@nestjs/common';
import type { User } from '../auth/principal.js';
import { conflict, invalidField, notFound } from '../common/errors.js';
import type { DeviceDto } from './dto/device.dto.js';
import { OwnPersonService } from './own-person.service.js';
import { People } from './people.js';
import type { PushTokenDoc } from './push-token.js';
import { PushTokensRepository } from './push-tokens.repository.js';
import { showDevice } from './device-answers.js';

const MOST_DEVICES = 20;

/** The devices on which somebody takes pushes. */
@Injectable()
export class DevicesService {
  constructor(
    private readonly own: OwnPersonService,
    private readonly people: People,
    private readonly tokens: PushTokensRepository,
  ) {}

  async list(caller: User) {
    const { _id } = await this.own.of(caller);
    const devices = await this.tokens.allOf(caller.tenant, _id);
    return { items: devices.map(showDevice), count: devices.length };
  }

  /** A device that was somebody else's is the caller's now: it is in their hands. */
  async add(caller: User, given: DeviceDto) {
    const named = tokenOf(given);
    const { _id } = await this.own.of(caller);
    const devices = await this.tokens.allOf(caller.tenant, _id);
    const isThere = devices.some(({ kind, value }) => kind === named.kind && value === named.value);
    if (!isThere && devices.length >= MOST_DEVICES)
      throw conflict('too_many_devices', `You have ${MOST_DEVICES} devices. Remove one (DELETE /me/devices/:device).`);
    const [token] = await this.people.registered(caller.tenant, [named]);
    return showDevice((await this.tokens.tie(token!, _id))!);
  }

  async remove(caller: User, device: string): Promise<void> {
    const { _id } = await this.own.of(caller);
    if (!(await this.tokens.untie(caller.tenant, device, _id))) throw notFound('device', device);
  }
}

function tokenOf({ token, fid }: DeviceDto): Pick<PushTokenDoc, 'kind' | 'value'> {
  if (token !== undefined && fid === undefined) return { kind: 'token', value: token };
  if (fid !== undefined && token === undefined) return { kind: 'fid', value: fid };
  throw invalidField('token', 'is needed, or fid, and not both');
}
