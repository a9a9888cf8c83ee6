import { fastify } from 'fastify';
import { createHash } from 'node:crypto';
import 'reflect-metadata';
import { schemaOf } from '../../src/common/dto/schema-of.js';
import { CreateRequestDto } from '../../src/requests/dto/create-request.dto.js';
import { answer } from './answer.js';

/** `node bare-fastify.js <api key>`: a server with only Fastify that gives the same answers. */
const digest = (key: string): string => createHash('sha256').update(key).digest('base64url');
const clients = new Map([[digest(process.argv[2]!), { id: 'key_01jd0000000000000000000000' }]]);
const app = fastify();

app.post('/no-op', () => ({ ok: true }));
app.post<{ Body: CreateRequestDto }>(
  '/validated',
  { schema: { body: schemaOf(CreateRequestDto) } },
  (request, reply) => {
    const key = request.headers['x-api-key'];
    const client = typeof key === 'string' ? clients.get(digest(key)) : undefined;
    if (!client) return reply.status(401).send({ code: 'unauthenticated' });
    return { client: client.id, messages: request.body.messages!.length };
  },
);

await app.listen({ port: 0, host: '127.0.0.1' });
answer({ port: () => (app.server.address() as { port: number }).port });
