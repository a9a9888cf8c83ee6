import { Injectable } from '@nestjs/common';
import { HealthWarnings } from '../health/health-warnings.js';
import { DispatchersWorker } from './dispatchers.worker.js';

/** Tells of parked accounts in `GET /health/ready`. */
@Injectable()
export class DispatchHealth {
  constructor(warnings: HealthWarnings, dispatchers: DispatchersWorker) {
    warnings.register(() => {
      const counts = new Map<string, number>();
      for (const { carrier } of dispatchers.parkedAccounts) counts.set(carrier, (counts.get(carrier) ?? 0) + 1);
      return [...counts].map(([carrier, count]) => {
        const accounts =
          count === 1 ? '1 account is parked, because its calls' : `${count} accounts are parked, because their calls`;
        return `carrier ${carrier}: ${accounts} fail; see GET /admin/carriers`;
      });
    });
  }
}
