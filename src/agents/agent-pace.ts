import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Config } from '../config/load-config.js';
import { PaceRepository } from '../counters/pace.repository.js';
import { allowance, simAllowance, spend, type BudgetRules, type BudgetUse } from '../domain/agent-budget.js';
import { utcDay } from '../domain/time.js';
import type { Candidate } from '../messages/candidate.js';
import type { Budget, Grant } from '../messages/claims.js';
import type { Via } from '../messages/message.js';
import type { AgentDoc } from './agent.js';
import { simsOf } from './sims.js';

const TRIES = 20;

/** Paces agents: what is leased never exceeds what the phone can send, of its account and of each SIM, HIGH first. */
@Injectable()
export class AgentPace {
  constructor(
    private readonly repository: PaceRepository,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  budgetOf(agent: AgentDoc, ratePerMinute: number): Budget {
    const rules: BudgetRules = {
      ratePerMinute,
      leaseSeconds: this.config.LEASE_SECONDS,
      dailyCap: agent.daily_cap,
      simCaps: Object.fromEntries(simsOf(agent).map((sim) => [sim.slot, sim.daily_cap])),
    };
    return new AgentBudget(this.repository, this.clock, agent, rules);
  }
}

/** One agent's budget during one call. */
class AgentBudget implements Budget {
  private seen: Promise<{ rev: number; use: BudgetUse }> | undefined;

  constructor(
    private readonly repository: PaceRepository,
    private readonly clock: Clock,
    private readonly agent: AgentDoc,
    private readonly rules: BudgetRules,
  ) {}

  async read(): Promise<void> {
    this.seen = this.repository.get(this.agent._id);
    await this.seen;
  }

  async take(wanted: readonly Candidate[], limit: number): Promise<Grant[]> {
    let taken: Grant[] = [];
    await this.change(
      (use, now, day) => {
        taken = choose(wanted, limit, use, this.rules, now, day);
        return taken.length === 0
          ? null
          : spend(use, this.rules, now, day, taken.length, countSims(taken.map(({ via }) => via)));
      },
      () => (taken = []),
    );
    return taken;
  }

  async refund(unused: readonly Via[]): Promise<void> {
    const sims = Object.fromEntries(Object.entries(countSims(unused)).map(([slot, n]) => [slot, -n]));
    await this.change((use, now, day) => spend(use, this.rules, now, day, -unused.length, sims));
  }

  /** Compare-and-set until it holds; `change` answers null to leave it as it is. Other polls of the agent may be faster for long. */
  private async change(
    change: (use: BudgetUse, now: Date, day: string) => BudgetUse | null,
    giveUp: () => void = () => undefined,
  ): Promise<void> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const { rev, use } = await (this.seen ?? this.repository.get(this.agent._id));
      this.seen = undefined;
      const now = this.clock.now();
      const next = change(use, now, utcDay(now));
      if (!next || (await this.repository.replace(this.agent.tenant_id, this.agent._id, rev, next, now))) return;
    }
    giveUp();
  }
}

function choose(
  wanted: readonly Candidate[],
  limit: number,
  use: BudgetUse,
  rules: BudgetRules,
  now: Date,
  day: string,
): Grant[] {
  const left = allowance(use, rules, now, day);
  const sims = new Map(
    Object.keys(rules.simCaps).map((slot) => [Number(slot), simAllowance(use, rules, Number(slot), day)]),
  );
  const taken: Grant[] = [];
  for (const candidate of wanted) {
    if (taken.length === limit) break;
    if ((candidate.priority_weight === 0 ? left.high : left.bulk) < 1) continue;
    const simSlot = chooseSim(candidate.sim_slot, sims);
    if (simSlot === undefined) continue;
    if (simSlot !== null) sims.set(simSlot, (sims.get(simSlot) ?? Infinity) - 1);
    left.high--;
    left.bulk--;
    taken.push({ candidate, via: simSlot === null ? {} : { sim_slot: simSlot } });
  }
  return taken;
}

/** The SIM asked for; otherwise the one with most of its day left, when any has a cap. Undefined: none can send today. */
function chooseSim(asked: number | null, sims: ReadonlyMap<number, number>): number | null | undefined {
  if (asked !== null) return (sims.get(asked) ?? Infinity) >= 1 ? asked : undefined;
  if (![...sims.values()].some(Number.isFinite)) return null;
  const [slot, left] = [...sims].reduce((best, next) => (next[1] > best[1] ? next : best));
  return left >= 1 ? slot : undefined;
}

function countSims(taken: readonly Via[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { sim_slot: slot } of taken) if (typeof slot === 'number') counts[slot] = (counts[slot] ?? 0) + 1;
  return counts;
}
