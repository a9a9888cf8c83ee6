import { Child } from '../child.js';
import type { MongoFindings } from '../programs/mongo-commands.js';
import type { Row } from '../row.js';
import { median } from '../statistics.js';

export const mongo: Row = {
  number: 12,
  what: 'MongoDB: waves of round trips per lease of 10; plans of the hot queries',
  skipped: () => (process.env['MONGO_TEST_URI'] ? undefined : 'set MONGO_TEST_URI to a MongoDB for tests'),
  async run({ quick }) {
    const child = Child.start({ program: './programs/mongo-commands.js', args: [process.env['MONGO_TEST_URI']!] });
    const found = await child.ask<MongoFindings>('measure', quick ? 10 : 50);
    await child.stop();
    const bad = found.plans.filter(({ stages }) => stages.some((stage) => /COLLSCAN|SORT/.test(stage)));
    return {
      figures: [
        {
          what: 'waves of round trips per lease of 10',
          value: median(found.waves),
          unit: 'waves',
          floor: 3,
          goal: 2,
          lowerIsBetter: true,
        },
        {
          what: 'hot queries with COLLSCAN or SORT',
          value: bad.length,
          unit: `of ${found.plans.length}`,
          floor: 0,
          goal: 0,
          lowerIsBetter: true,
        },
      ],
      notes: [
        `one lease: ${found.wavesOfOne.map((wave) => wave.join(' + ')).join(' | ')}`,
        ...bad.map(({ query, stages }) => `${stages.join(' < ')}: ${query}`),
      ],
    };
  },
};
