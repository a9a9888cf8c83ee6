/** What a feature may use besides `common`, `config`, `database` and `domain`: the drawing of ARCHITECTURE.md. A new folder is one line. */
const FOUNDATION = ['auth', 'audit', 'tenants', 'workers', 'parking', 'expirables'];
const MAY_USE = {
  workers: [],
  expirables: [],
  auth: [],
  audit: ['auth', 'expirables'],
  tenants: ['auth', 'audit'],
  parking: ['auth', 'audit', 'tenants'],
  routing: [],
  counters: [],
  users: [...FOUNDATION, 'control'],
  'api-keys': [...FOUNDATION, 'counters'],
  templates: FOUNDATION,
  messages: [...FOUNDATION, 'routing'],
  agents: [...FOUNDATION, 'counters', 'messages', 'routing'],
  inbound: FOUNDATION,
  carriers: [...FOUNDATION, 'control', 'counters', 'routing'],
  dispatch: [...FOUNDATION, 'carriers', 'counters', 'health', 'messages', 'routing'],
  callbacks: [...FOUNDATION, 'carriers', 'dispatch', 'inbound'],
  'sending-rules': [...FOUNDATION, 'carriers', 'counters', 'inbound', 'messages', 'routing'],
  proxy: [...FOUNDATION, 'callbacks', 'carriers', 'inbound', 'messages', 'routing'],
  people: [...FOUNDATION, 'carriers', 'counters', 'inbound', 'messages', 'routing', 'sending-rules', 'users'],
  notifications: [...FOUNDATION, 'carriers', 'counters', 'messages', 'people', 'routing', 'templates', 'users'],
  requests: [...FOUNDATION, 'counters', 'templates', 'messages', 'routing', 'sending-rules'],
  imports: [...FOUNDATION, 'templates', 'messages', 'requests'],
  surfaces: [...FOUNDATION, 'agents', 'control', 'inbound', 'messages', 'requests', 'routing'],
  reports: [...FOUNDATION, 'api-keys', 'messages', 'control'],
  retention: ['tenants', 'workers', 'expirables'],
  metrics: [
    'auth',
    'tenants',
    'workers',
    'parking',
    'messages',
    'agents',
    'carriers',
    'dispatch',
    'callbacks',
    'sending-rules',
  ],
  health: ['auth', 'workers'],
  control: [],
  backup: ['control'],
};
const FEATURES = [...Object.keys(MAY_USE), 'demo', 'commands'];

const STORE = [
  '**/database/collection.js',
  '**/database/database.module.js',
  '**/database/tenant-collection.js',
  '**/database/embedded/**',
  '**/database/mongo/**',
  'mongodb',
  'libsql',
];
const noStore = { group: STORE, message: 'Only *.repository.ts and database/ know the store.' };
const noDriver = {
  group: ['mongodb', 'libsql', '**/database/embedded/**', '**/database/mongo/**'],
  message: 'Repositories speak to the Collection interface, not to a driver.',
};
const noRepository = { group: ['**/*.repository.js'], message: 'Controllers speak to services, not to repositories.' };

const within = (folders) => ({
  group: folders.map((folder) => `**/${folder}/**`),
  message: 'This folder may not depend on that one; see the drawing in ARCHITECTURE.md.',
});
const restrict = (files, ...patterns) => ({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });

/** A later entry replaces an earlier one's bans, so each names all of its own. */
function layer(folder, banned) {
  return [
    restrict([`src/${folder}/**/*.ts`], noStore, within(banned)),
    restrict([`src/${folder}/**/*.repository.ts`], noDriver, within(banned)),
    restrict([`src/${folder}/**/*.controller.ts`], noStore, noRepository, within(banned)),
  ];
}

function features() {
  return Object.entries(MAY_USE).flatMap(([folder, uses]) =>
    layer(
      folder,
      FEATURES.filter((other) => other !== folder && !uses.includes(other)),
    ),
  );
}

export default {
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'jest'],
  categories: { correctness: 'error', suspicious: 'error' },
  env: { node: true, es2023: true },
  ignorePatterns: ['dist', 'node_modules', 'data', 'coverage', 'test/typed-client/generated'],
  rules: {
    'import/no-cycle': 'error',
    'import/no-unassigned-import': 'off',
    'typescript/no-explicit-any': 'error',
    'typescript/no-extraneous-class': 'off',
    'no-shadow': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'no-underscore-dangle': 'off',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'typescript/no-unsafe-declaration-merging': 'off',
    'unicorn/no-new-array': 'off',
  },
  overrides: [
    restrict(['src/domain/**/*.ts'], {
      group: ['../**', '@nestjs/**', 'mongodb', 'libsql', 'fastify', 'node:fs', 'node:worker_threads'],
      message: 'domain/ is pure: no framework, no store, nothing of ours.',
    }),
    ...layer('common', FEATURES),
    ...features(),
    restrict(['src/config/**/*.ts'], noStore, within([...FEATURES, 'common', 'database'])),
    restrict(['src/database/**/*.ts'], within(FEATURES)),
    restrict(['src/demo/**/*.ts', 'android-agent-sim/**/*.ts'], {
      group: [
        '**/src/**',
        ...['common', 'config', 'database', 'domain', ...FEATURES].map((folder) => `../${folder}/**`),
      ],
      message: 'Only HTTP: this stands for a program outside the gateway.',
    }),
    {
      files: ['**/*.spec.ts', 'test/**/*.ts'],
      rules: {
        'no-restricted-imports': 'off',
        'typescript/no-explicit-any': 'off',
        'jest/no-conditional-expect': 'off',
        'import/no-named-as-default-member': 'off',
        'jest/no-standalone-expect': 'off',
        'jest/valid-title': 'off',
        'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*'] }],
      },
    },
  ],
};
