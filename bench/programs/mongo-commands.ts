import type { CommandStartedEvent } from 'mongodb';
import type { SearchTerms } from '../../src/messages/search/search-terms.js';
import { createGateway } from '../../src/app.setup.js';
import { AgentsRepository } from '../../src/agents/agents.repository.js';
import { JobsService } from '../../src/agents/jobs.service.js';
import { StatusReportsService } from '../../src/agents/status-reports.service.js';
import type { AgentPrincipal } from '../../src/agents/agent.authenticator.js';
import { RegistrationService } from '../../src/agents/registration.service.js';
import type { Client } from '../../src/auth/principal.js';
import { asTenantId } from '../../src/common/tenant-id.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { MongoStore } from '../../src/database/mongo/mongo-store.js';
import { DEFAULT_TENANT } from '../../src/tenants/tenant.js';
import { TenantsService } from '../../src/tenants/tenants.service.js';
import { MessagesService } from '../../src/messages/messages.service.js';
import { RequestsService } from '../../src/requests/requests.service.js';
import { fillStore } from '../filling.js';
import { explained, shapeOf, type Plan } from './mongo-plans.js';
import { answer } from './answer.js';

/** `node mongo-commands.js <uri>`: the commands that the gateway sends to a MongoDB for a lease, and the server's plans for them. */
export interface MongoFindings {
  waves: number[];
  /** The commands of one lease, by waves. */
  wavesOfOne: string[][];
  plans: Plan[];
}

interface Command {
  id: number;
  name: string;
  command: Record<string, unknown>;
  begun: number;
  ended: number;
}

const HOT = ['find', 'update', 'findAndModify', 'aggregate', 'count', 'delete'];
const uri = new URL(process.argv[2]!);
uri.searchParams.set('monitorCommands', 'true');
const database = `trunkline_bench_${process.pid}_${Date.now().toString(36)}`;
const config = loadConfig({
  MONGO_URI: uri.href,
  MONGO_DB: database,
  LOG_LEVEL: 'fatal',
  SEED_ADMIN: '0',
  AGENT_RATE_LIMIT_PER_MIN: '1000000000',
  JWT_SECRET: 'of the benchmark and of nothing else',
  SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
});
const gateway = await createGateway(config);
const { db } = gateway.store as MongoStore;
const commands: Command[] = [];
const open = new Map<number, Command>();

db.client.on('commandStarted', ({ requestId, commandName, command, databaseName }: CommandStartedEvent) => {
  if (databaseName !== database || !isOfCalls(command)) return;
  const one = { id: requestId, name: commandName, command, begun: performance.now(), ended: Infinity };
  open.set(requestId, one);
  commands.push(one);
});
const ended = ({ requestId }: { requestId: number }): void => {
  const one = open.get(requestId);
  if (one) one.ended = performance.now();
  open.delete(requestId);
};
db.client.on('commandSucceeded', ended);
db.client.on('commandFailed', ended);

/** The worker's queries of all queues, audit lines and wakes run next to a lease and are not part of it. */
function isOfCalls(command: Record<string, unknown>): boolean {
  const filter = command['filter'] as Record<string, unknown> | undefined;
  const isWorker = filter && !('queue' in filter) && ('due_at' in filter || 'fails_at' in filter);
  const isWake = Object.values(command)[0] === 'wakes' || command['collection'] === 'wakes';
  return !isWorker && !isWake && command['insert'] !== 'audit_logs';
}

/** Commands that overlap in time are one wave. */
function wavesOf(sent: readonly Command[]): string[][] {
  const waves: string[][] = [];
  let until = -Infinity;
  for (const { begun, ended: end, name, command } of [...sent].sort((a, b) => a.begun - b.begun)) {
    if (begun > until) waves.push([]);
    waves.at(-1)!.push(`${name} ${String(command[name])}`);
    until = Math.max(until, end);
  }
  return waves.map(counted);
}

function counted(names: readonly string[]): string[] {
  return [...new Set(names)].map((name) => {
    const times = names.filter((other) => other === name).length;
    return times > 1 ? `${times} ${name}` : name;
  });
}

async function within(work: () => Promise<unknown>): Promise<Command[]> {
  commands.length = 0;
  await work();
  return [...commands];
}

async function prepare(leases: number): Promise<{ phone: AgentPrincipal; client: Client }> {
  const { app, store } = gateway;
  const tenant = asTenantId(await app.get(TenantsService).idOf(DEFAULT_TENANT));
  const { agent_id: id } = await app
    .get(RegistrationService)
    .register({ deviceId: 'phone', rotate: true, address: '127.0.0.1' });
  const agent = (await app.get(AgentsRepository).byId(tenant, id))!;
  const client: Client = {
    kind: 'client',
    id: 'key_01jd0000000000000000000000',
    tenant,
    name: 'SafeShop',
    scopes: ['sms:send', 'sms:read', 'sms:send_text'],
    dailyLimit: 1_000_000_000,
  };
  const filling = { tenant, clientId: client.id, templateId: 'tpl_01jd0000000000000000000000', agentIds: [id] };
  await fillStore(store, { ...filling, messages: (leases + 10) * 10, dueInDays: 0, fingerprints: false });
  await fillStore(store, { ...filling, messages: 20_000, dueInDays: 7, fingerprints: false });
  await fillStore(store, { ...filling, messages: 20_000, dueInDays: 0, fingerprints: false });
  return { phone: { kind: 'agent', id, tenant, agent }, client };
}

async function measure(leases: number): Promise<MongoFindings> {
  const { phone, client } = await prepare(leases);
  const lease = () => gateway.app.get(JobsService).next(phone, 10, 0, new AbortController().signal);
  await lease();
  const each: string[][][] = [];
  const seen: Command[] = [];
  for (let i = 0; i < leases; i++) {
    const sent = await within(lease);
    seen.push(...sent);
    each.push(wavesOf(sent));
  }
  seen.push(...(await within(() => callTheRest(phone, client, lease))));
  const plans = new Map<string, Plan>();
  for (const { name, command } of seen.filter((one) => HOT.includes(one.name))) {
    const shape = shapeOf(name, command);
    if (!plans.has(shape)) plans.set(shape, await explained(db, name, command, shape));
  }
  const byCount = each.map((waves) => waves.length);
  return { waves: byCount, wavesOfOne: each.at(-1)!, plans: [...plans.values()] };
}

/** All other frequent calls of a busy gateway. */
async function callTheRest(phone: AgentPrincipal, client: Client, lease: () => ReturnType<JobsService['next']>) {
  const { app } = gateway;
  const requests = app.get(RequestsService);
  const messages = app.get(MessagesService);
  const body = {
    text: 'The same text twice',
    agent_id: phone.id,
    messages: [{ to: '+84901234567' }, { to: '+84901234568' }],
  };
  const { request_id } = await requests.submit(client, body, undefined);
  await requests.submit(client, body, undefined);
  const { messages: jobs } = await lease();
  const ids = jobs.map((job) => job.message_id);
  const report = app.get(StatusReportsService);
  await report.apply(phone, [{ message_id: ids[0]!, status: 'SENT' }]);
  await report.apply(
    phone,
    ids.slice(1).map((message_id) => ({ message_id, status: 'SENDING' as const })),
  );
  const page = { limit: 50, skip: 0 };
  await messages.get(client, ids[0]!);
  const user = { ...client, kind: 'user', username: 'u', role: 'viewer' } as never;
  const { agent_id } = body;
  const template_id = 'tpl_01jd0000000000000000000000';
  const from = new Date(Date.now() - 86_400_000);
  const ofClient: SearchTerms[] = [{}, { request_id }, { status: 'PENDING' }, { agent_id }, { to_suffix: '4567' }];
  const ofTenant: SearchTerms[] = [
    {},
    { to: '+84901234567' },
    { to_prefix: '+8490' },
    { client_reference: 'x' },
    { agent_id },
    { template_id },
  ];
  for (const search of ofClient) await messages.list(client, search, page);
  for (const search of ofTenant) await messages.list(user, search, page);
  for (const search of [{}, { agent_id }, { template_id }] as const)
    await messages.list(user, { ...search, status: 'PENDING', from }, page);
  await requests.get(client, request_id);
  await requests.list(client, page);
  await new Promise((resolve) => setTimeout(resolve, 200));
}

answer({
  measure: async (leases: number) => {
    try {
      return await measure(leases);
    } finally {
      await db.dropDatabase();
      await gateway.stop();
    }
  },
});
