import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AgentDirectory } from '../../agents/agent-directory.js';
import { RegistrationCodes } from '../../agents/registration-codes.js';
import { TestText } from '../../agents/test-text.js';
import { Clock } from '../../common/clock.js';
import { pause } from '../../common/pause.js';
import { Config } from '../../config/load-config.js';
import { ControlActions, type ControlCall } from '../../control/control-actions.js';
import { later } from '../../domain/time.js';
import { TenantsService } from '../../tenants/tenants.service.js';
import { Join } from './join.service.js';
import { isLoopback, lanAddress } from './lan-address.js';

const LOOK_MILLIS = 500;

/** The answer to `phone-add`, and its options. */
export type InvitedByCommand = {
  code: string;
  expires_at: string;
  server_url: string;
  join_url: string;
  hints: string[];
};
export type InviteOptions = { tenant: string; label: string | null; group: string | null; url: string | null };
/** The answer to `phone-wait`. */
export type ArrivedPhone = { id: string; label: string | null; app: string | null; app_version: string | null };

/** What `npm run phone` asks of the running gateway. Answers are a line of JSON; those of `phone-test` are for people. */
@Injectable()
export class PhoneCommand {
  constructor(
    private readonly join: Join,
    private readonly codes: RegistrationCodes,
    private readonly directory: AgentDirectory,
    private readonly tenants: TenantsService,
    private readonly host: HttpAdapterHost,
    private readonly config: Config,
    private readonly clock: Clock,
    testText: TestText,
    actions: ControlActions,
  ) {
    actions.register('phone-add', async ({ args, say }) => say(JSON.stringify(await this.add(args))));
    actions.register('phone-wait', async (call) => call.say(JSON.stringify(await this.wait(call))));
    actions.register('phone-test', ({ args: [id, number], say, signal }) => testText.send(id!, number!, say, signal));
  }

  private async add([options]: readonly string[]) {
    const { tenant: slug, label, group, url } = JSON.parse(options!) as InviteOptions;
    const tenant = await this.tenants.idOf(slug);
    const known = url ?? this.config.publicUrl;
    const base = known ?? this.ownUrl();
    const invited = await this.join.inviteTo(base, { kind: 'system', id: 'npm run phone', tenant }, { label, group });
    return { ...invited, hints: [...(known ? [] : this.reachHints()), ...cleartextHints(base)] };
  }

  /** @throws Error when nobody came while the code was good, or within the seconds that are given. */
  private async wait({ args: [code, seconds], signal }: ControlCall): Promise<ArrivedPhone> {
    const patience = seconds ? later(this.clock.now(), Number(seconds) * 1000) : null;
    for (;;) {
      signal.throwIfAborted();
      const found = await this.codes.look(code!);
      const agent = found?.agentId ? await this.directory.byId(found.agentId) : null;
      if (agent) {
        const { _id: id, given_label, label, app = null, app_version } = agent;
        return { id, label: given_label ?? label, app, app_version };
      }
      const now = this.clock.now();
      if (!found || found.expiresAt <= now)
        throw new Error('The code ran out before a phone used it. Run the command again for a new one.');
      if (patience && patience <= now)
        throw new Error(
          `No phone came within ${seconds} seconds. The code is good until ${found.expiresAt.toISOString()}.`,
        );
      await pause(LOOK_MILLIS, signal);
    }
  }

  private ownUrl(): string {
    const { port } = (this.host.httpAdapter.getHttpServer() as Server).address() as AddressInfo;
    return `http://${lanAddress(this.config.HOST)}:${port}`;
  }

  private reachHints(): string[] {
    if (!isLoopback(this.config.HOST)) return [];
    return [`Only this machine reaches the gateway (HOST=${this.config.HOST}): start it with HOST=0.0.0.0.`];
  }
}

function cleartextHints(base: string): string[] {
  if (base.startsWith('https://')) return [];
  return [
    'The address is not https. SMSGate as it is published refuses it: use its “insecure” build, or an https address (PUBLIC_URL or --url).',
  ];
}
