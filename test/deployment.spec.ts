import { Ajv } from 'ajv';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Type, type Static } from 'typebox';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { Environment } from '../src/config/environment.js';
import { loadConfig } from '../src/config/load-config.js';
import { TestGateway } from './support/gateway.js';

const ROOT = new URL('../', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, ROOT), 'utf8');
const isThere = (name: string) => existsSync(new URL(name, ROOT));
const VARIABLES = Object.keys(Environment.properties);

const closed = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const maybe = Type.Optional;
const Name = Type.String({ pattern: '^[a-z][a-z0-9_-]*$' });
const Words = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 });
const Seconds = Type.String({ pattern: '^\\d+s$' });
const Memory = Type.String({ pattern: '^\\d+[MG]$' });
/** What of the compose specification these files use; anything else is a slip, or belongs here as well. */
const Service = closed({
  build: maybe(Type.Literal('.')),
  image: maybe(Type.String({ pattern: '^[a-z/]+:[0-9.]+$' })),
  container_name: maybe(Name),
  command: maybe(Words),
  init: Type.Literal(true),
  restart: Type.Enum(['unless-stopped', 'always']),
  ports: maybe(Type.Array(Type.String({ pattern: '^127\\.0\\.0\\.1:\\d+:\\d+$' }))),
  expose: maybe(Type.Array(Type.String({ pattern: '^\\d+$' }))),
  env_file: maybe(Type.String()),
  environment: maybe(Type.Record(Type.String({ pattern: '^[A-Z_]+$' }), Type.Union([Type.String(), Type.Number()]))),
  volumes: maybe(Type.Array(Type.String({ pattern: '^[a-z]+:/[a-z/]+$' }))),
  networks: maybe(Type.Array(Name)),
  depends_on: maybe(Type.Record(Name, closed({ condition: Type.Literal('service_healthy') }))),
  healthcheck: maybe(
    closed({ test: Words, interval: Seconds, timeout: Seconds, retries: Type.Integer({ minimum: 1 }) }),
  ),
  read_only: maybe(Type.Boolean()),
  tmpfs: maybe(Words),
  cap_drop: maybe(Words),
  security_opt: maybe(Words),
  stop_grace_period: maybe(Seconds),
  deploy: maybe(
    closed({
      resources: closed({
        limits: closed({ cpus: Type.String({ pattern: '^\\d+(\\.\\d+)?$' }), memory: Memory }),
        reservations: maybe(closed({ memory: Memory })),
      }),
    }),
  ),
  logging: maybe(closed({ driver: Type.String(), options: Type.Record(Type.String(), Type.String()) })),
});
const Compose = closed({
  services: Type.Record(Name, Service),
  networks: maybe(Type.Record(Name, closed({ external: Type.Boolean() }))),
  volumes: Type.Record(Name, Type.Null()),
});
type Service = Static<typeof Service>;
type Compose = Static<typeof Compose>;
const isCompose = new Ajv({ allErrors: true, allowUnionTypes: true }).compile<Compose>(Compose);

const FILES = ['docker-compose.yml', 'docker-compose.prod.yml'] as const;
const composeOf = (file: (typeof FILES)[number]): Compose => parse(read(file)) as Compose;

describe.each(FILES)('%s', (file) => {
  const compose = composeOf(file);
  const services = Object.values<Service>(compose.services);

  it('has the structure of a compose file', () => {
    expect(isCompose(compose) ? [] : isCompose.errors).toEqual([]);
  });

  it('names only volumes, networks, services and files that there are', () => {
    const volumes = services.flatMap((service) => (service.volumes ?? []).map((mount) => mount.split(':')[0]));
    expect(Object.keys(compose.volumes).sort()).toEqual(volumes.sort());
    const networks = services.flatMap((service) => service.networks ?? []);
    expect(Object.keys(compose.networks ?? {}).sort()).toEqual([...new Set(networks)].sort());
    for (const service of services) {
      for (const name of Object.keys(service.depends_on ?? {}))
        expect(compose.services[name]?.healthcheck).toBeDefined();
      if (service.build) expect(isThere('Dockerfile')).toBe(true);
      // The other one is made from the example.
      if (service.env_file) expect(['.env', '.env.example']).toContain(service.env_file);
    }
  });

  it('sets only variables that the gateway knows, refers only to documented ones, and holds no secret', () => {
    for (const [name, value] of Object.entries(compose.services['gateway']!.environment ?? {})) {
      expect(VARIABLES).toContain(name);
      expect(name).not.toMatch(/SECRET|PASSWORD|TOKEN|_KEY/);
      expect(String(value)).not.toMatch(/:\/\/[^/]*@/);
    }
    const documented = new Set([...read('.env.example').matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name));
    for (const [, name] of read(file).matchAll(/(?<!\$)\$\{?([A-Z_]+)/g)) expect(documented).toContain(name);
  });
});

describe('docker-compose.yml', () => {
  const { mongo } = composeOf('docker-compose.yml').services;

  it('makes its MongoDB a replica set once, and calls it healthy when it is the primary', () => {
    const script = mongo!.healthcheck!.test.at(-1)!;
    const check = new Function('rs', 'db', 'quit', script) as (...stubs: unknown[]) => void;
    const run = (isSet: boolean, isWritablePrimary: boolean) => {
      const made: unknown[] = [];
      let code: unknown;
      const status = () => {
        if (!isSet) throw new Error('no replset config has been received');
      };
      check(
        { status, initiate: (set: unknown) => made.push(set) },
        { hello: () => ({ isWritablePrimary }) },
        (given: unknown) => (code = given),
      );
      return { made, code };
    };
    const set = { _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] };
    expect(run(false, false)).toEqual({ made: [set], code: 1 });
    expect(run(true, false)).toEqual({ made: [], code: 1 });
    expect(run(true, true)).toEqual({ made: [], code: 0 });
    expect(mongo!.command).toContain(set._id);
    const { MONGO_URI } = composeOf('docker-compose.yml').services['gateway']!.environment!;
    expect(MONGO_URI).toBe(`mongodb://${set.members[0]!.host}/?replicaSet=${set._id}`);
  });
});

describe('docker-compose.prod.yml', () => {
  const { services, networks } = composeOf('docker-compose.prod.yml');

  it('opens no port of the machine, limits what it takes, and writes only to its volume', () => {
    const gateway = services['gateway']!;
    expect(gateway.ports).toBeUndefined();
    expect(gateway).toMatchObject({ env_file: '.env', read_only: true, cap_drop: ['ALL'], restart: 'unless-stopped' });
    expect(gateway.deploy!.resources.limits).toEqual({ cpus: expect.any(String), memory: expect.any(String) });
    expect(gateway.volumes).toEqual([`data:${gateway.environment!['DATA_DIR']}`]);
    expect(Object.values(networks!)).toEqual([{ external: true }, { external: true }]);
  });

  it('starts with the example once its two secrets are filled in, and not before', () => {
    const example = [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
    const set = Object.entries(services['gateway']!.environment!).map(([name, value]) => [name, String(value)]);
    const env = { ...imageEnvironment(), ...Object.fromEntries(example), ...Object.fromEntries(set) };
    expect(() => loadConfig(env)).toThrow(/JWT_SECRET is required[^]*SECRETS_KEY is required/);
    const secrets = {
      JWT_SECRET: '8f14e45fceea167a5a36dedd4bea2543',
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
    };
    const config = loadConfig({ ...env, ...secrets });
    expect(config).toMatchObject({ isProduction: true, HOST: '0.0.0.0', PORT: 8000, DATA_DIR: '/data' });
  });
});

/** Instructions, with continued lines joined. */
const dockerfile = read('Dockerfile')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.split(' ')[0]!, rest: line.slice(line.indexOf(' ') + 1) }));
const lastStage = dockerfile.slice(dockerfile.findLastIndex(({ name }) => name === 'FROM'));
const inLast = (name: string) => lastStage.filter((line) => line.name === name).map(({ rest }) => rest);

function imageEnvironment(): Record<string, string> {
  return Object.fromEntries(inLast('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('='))));
}

describe('the Dockerfile', () => {
  it('copies what there is and what the build context holds', () => {
    const ignored = read('.dockerignore').split('\n').filter(Boolean);
    const sources = dockerfile
      .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
      .flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    expect(sources).toContain('src');
    for (const source of sources) {
      expect([source, isThere(source)]).toEqual([source, true]);
      expect(ignored).not.toContain(source.replace('./', ''));
    }
    expect(ignored).toEqual(expect.arrayContaining(['.env', '.git', 'data', 'node_modules']));
    for (const { rest } of dockerfile.filter(({ rest }) => rest.startsWith('--from')))
      expect(rest).toMatch(/^--from=build \/app\/(package\.json|node_modules|dist) \.\//);
  });

  it('drops what only development needs, and runs as nobody special without a shell in between', () => {
    expect(dockerfile.find(({ rest }) => rest.includes('npm prune --omit=dev'))).toBeDefined();
    expect(inLast('USER')).toEqual(['node']);
    const [program, script] = JSON.parse(inLast('CMD')[0]!) as string[];
    expect([program, isThere(script!.replace('dist', 'src').replace('.js', '.ts'))]).toEqual(['node', true]);
    const { NODE_ENV, ...variables } = imageEnvironment();
    expect(NODE_ENV).toBe('production');
    for (const name of Object.keys(variables)) expect(VARIABLES).toContain(name);
  });

  it('keeps every package that the gateway imports', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const files = readdirSync(new URL('src', ROOT), { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.spec)\.ts$/.test(file),
    );
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      for (const [, name] of read(`src/${file}`).matchAll(
        /^(?:import|export|\}) .*?from '((?:@[^/']+\/)?[^./'][^/']*)/gm,
      )) {
        if (!name!.startsWith('node:'))
          expect([file, name, Object.hasOwn(dependencies, name!)]).toEqual([file, name, true]);
      }
    }
  });

  it('is healthy while the gateway answers', async () => {
    const check = JSON.parse(/CMD (\[.*\])$/.exec(inLast('HEALTHCHECK')[0]!)![1]!) as string[];
    const run = (PORT: string) =>
      new Promise((resolve) => {
        spawn(process.execPath, check.slice(1), { env: { PORT }, cwd: fileURLToPath(ROOT) }).on('exit', resolve);
      });
    const gateway = await TestGateway.start();
    const { port } = new URL(gateway.url);
    expect(await run(port)).toBe(0);
    await gateway.stop();
    expect(await run(port)).toBe(1);
  });
});
