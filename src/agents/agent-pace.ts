import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Config } from '../config/load-config.js';
import { PaceRepository } from '../counters/pace.repository.js';
import { limitsOf, spend, type BudgetRules, type BudgetUse } from '../domain/agent-budget.js';
import { chooseTexts } from '../domain/budget-choice.js';
import { PRIORITY_WEIGHT } from '../domain/priority.js';
import type { Candidate } from '../messages/candidate.js';
import type { Budget, Grant } from '../messages/claims.js';
import { SettingsService } from '../tenants/settings.service.js';
import type { AgentDoc } from './agent.js';
import { hoursOf, paceRules } from './pace-rules.js';
import type { PaceState } from './shown-pace.js';

const TRIES = 20;

/** Paces phones: what is leased, in segments, never exceeds what the phone can send, of its account and of each SIM, HIGH first. */
@Injectable()
export class AgentPace {
  constructor(
    private readonly repository: PaceRepository,
    private readonly settings: SettingsService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async budgetOf(agent: AgentDoc): Promise<{ rate: number; budget: Budget }> {
    const { rules } = await this.rulesOf(agent);
    return { rate: rules.ratePerMinute, budget: new AgentBudget(this.repository, this.clock, agent, rules) };
  }

  async stateOf(agent: AgentDoc): Promise<PaceState> {
    const [rules, { use }] = await Promise.all([this.rulesOf(agent), this.repository.get(agent._id)]);
    return { ...rules, use };
  }

  /** Whether its pace, its caps and its hours let any of these leave now. */
  async hasRoomFor(agent: AgentDoc, waiting: readonly Candidate[]): Promise<boolean> {
    const { rules, use } = await this.stateOf(agent);
    return chooseTexts(waiting.map(asText), 1, limitsOf(use, rules, this.clock.now()), rules.highOnly).length > 0;
  }

  private async rulesOf(agent: AgentDoc): Promise<Omit<PaceState, 'use'>> {
    const settings = await this.settings.get(agent.tenant_id);
    const hours = hoursOf(agent, settings);
    return { hours, rules: paceRules(agent, settings, hours, this.config.LEASE_SECONDS, this.clock.now()) };
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
    const texts = wanted.map(asText);
    let taken: Grant[] = [];
    await this.change(
      (use, now) => {
        const chosen = chooseTexts(texts, limit, limitsOf(use, this.rules, now), this.rules.highOnly);
        taken = chosen.map(({ text: { candidate }, simSlot }) => {
          return { candidate, via: simSlot === null ? {} : { sim_slot: simSlot } };
        });
        return taken.length === 0 ? null : this.spent(use, now, taken, 1);
      },
      () => (taken = []),
    );
    return taken;
  }

  async refund(unused: readonly Grant[]): Promise<void> {
    await this.change((use, now) => this.spent(use, now, unused, -1));
  }

  private spent(use: BudgetUse, now: Date, grants: readonly Grant[], sign: 1 | -1): BudgetUse {
    let all = 0;
    const bySim: Record<string, number> = {};
    for (const { candidate, via } of grants) {
      const segments = sign * segmentsOf(candidate);
      all += segments;
      if (typeof via.sim_slot === 'number') bySim[via.sim_slot] = (bySim[via.sim_slot] ?? 0) + segments;
    }
    return spend(use, this.rules, now, all, bySim);
  }

  /** Compare-and-set until it holds; `change` answers null to leave it as it is. Other polls of the agent may be faster for long. */
  private async change(
    change: (use: BudgetUse, now: Date) => BudgetUse | null,
    giveUp: () => void = () => undefined,
  ): Promise<void> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const { rev, use } = await (this.seen ?? this.repository.get(this.agent._id));
      this.seen = undefined;
      const now = this.clock.now();
      const next = change(use, now);
      if (!next || (await this.repository.replace(this.agent.tenant_id, this.agent._id, rev, next, now))) return;
    }
    giveUp();
  }
}

function asText(candidate: Candidate) {
  const isHigh = candidate.priority_weight === PRIORITY_WEIGHT.HIGH;
  return { candidate, segments: segmentsOf(candidate), isHigh, simSlot: candidate.sim_slot };
}

/** A phone's queues hold SMS alone. */
function segmentsOf({ segments }: Candidate): number {
  return segments ?? 1;
}
