import type { BudgetRules, Caps } from '../domain/agent-budget.js';
import { closedUntil, type WorkingHours } from '../domain/working-hours.js';
import { ownZone } from '../tenants/own-zone.js';
import type { Settings } from '../tenants/settings.js';
import type { AgentDoc } from './agent.js';
import { simsOf } from './sims.js';

type PaceSettings = Pick<
  Settings,
  'agent_rate_limit_per_min' | 'app_rate_limit_per_min' | 'app_hourly_cap_per_sim' | 'time_zone'
>;

/** What holds for a phone: what an administrator set for it, otherwise what the tenant set for phones of its protocol. */
export function paceRules(
  agent: AgentDoc,
  settings: PaceSettings,
  hours: WorkingHours | null,
  leaseSeconds: number,
  now: Date,
): BudgetRules {
  const isApp = agent.app !== undefined;
  const sims = simsOf(agent);
  const perSim = isApp ? settings.app_hourly_cap_per_sim : null;
  const caps = sims.map(({ slot, hourly_cap, daily_cap }): [number, Caps] => {
    return [slot, { hourly: hourly_cap ?? perSim, daily: daily_cap }];
  });
  return {
    ratePerMinute:
      agent.rate_limit_per_min ?? (isApp ? settings.app_rate_limit_per_min : settings.agent_rate_limit_per_min),
    leaseSeconds,
    phone: { hourly: agent.hourly_cap ?? (sims.length === 0 ? perSim : null), daily: agent.daily_cap },
    sims: Object.fromEntries(caps),
    highOnly: hours !== null && closedUntil(now, hours) !== null,
    zone: ownZone(settings),
  };
}

export function hoursOf(agent: AgentDoc, settings: Pick<Settings, 'agent_hours'>): WorkingHours | null {
  return agent.hours ?? settings.agent_hours;
}
