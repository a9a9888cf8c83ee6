import type { Condition } from '../modem.js';
import type { Sim } from '../protocol-types.js';
import type { TermuxApi } from './termux-api.js';

const LOCKED = ['absent', 'pin_required', 'puk_required', 'network_locked'];

/** Battery, SIMs and signal of the phone, and whether a text could leave it. */
export class TermuxCondition {
  /** Why no text can leave the phone now: Android would drop it without a word. */
  stuck: string | undefined;
  /** Whether texts can be sent by a chosen SIM: Android drops them when it may not tell of the SIMs. */
  seesSims = false;
  /** Asking again where the phone's owner has refused would open Android's question each time. */
  #asksSignal = true;

  constructor(
    private readonly api: TermuxApi,
    private readonly sims: number,
  ) {}

  async read(signal?: AbortSignal): Promise<Condition> {
    const options = signal ? { signal } : {};
    const battery = batteryIn(await this.api.ask('termux-battery-status', [], options));
    if (!this.api.answers) return { ...battery, sims: this.#simsOf(undefined) };
    const device = fieldsOf(await this.api.ask('termux-telephony-deviceinfo', [], options));
    if (signal?.aborted) return battery;
    this.seesSims = device !== undefined;
    this.stuck = device && stuckBy(device);
    this.api.note('mobile network', this.stuck);
    const cells = this.#asksSignal ? await this.api.ask('termux-telephony-cellinfo', [], options) : undefined;
    this.#asksSignal = Array.isArray(cells);
    return { ...battery, ...signalIn(cells), sims: this.#simsOf(device) };
  }

  /** Termux can't tell which slots have a card: the phone's owner says how many. */
  #simsOf(device: Record<string, unknown> | undefined): Sim[] {
    const carrier = this.sims === 1 ? device?.['sim_operator_name'] : undefined;
    return Array.from({ length: this.sims }, (_, slot) => ({
      slot,
      ...(typeof carrier === 'string' && carrier !== '' && { carrier: carrier.slice(0, 200) }),
    }));
  }
}

function stuckBy(device: Record<string, unknown>): string | undefined {
  const { sim_state: state, network_operator: network, network_operator_name: name } = device;
  if (typeof state === 'string' && LOCKED.includes(state)) return `texts wait: the SIM is ${state.replace('_', ' ')}`;
  if (network === '' && (name === '' || name == null)) return 'texts wait: the phone has no mobile network';
  return undefined;
}

function batteryIn(value: unknown): Pick<Condition, 'battery_level'> {
  const { percentage, level, scale } = fieldsOf(value) ?? {};
  const percent = typeof percentage === 'number' ? percentage : (100 * Number(level)) / Number(scale);
  return percent >= 0 && percent <= 100 ? { battery_level: Math.round(percent) } : {};
}

function signalIn(cells: unknown): Pick<Condition, 'signal'> {
  if (!Array.isArray(cells)) return {};
  const dbm = fieldsOf(cells.find((cell) => fieldsOf(cell)?.['registered'] === true))?.['dbm'];
  return typeof dbm === 'number' && dbm >= -200 && dbm < 0 ? { signal: dbm } : {};
}

function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
