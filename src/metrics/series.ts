import type { Metric } from 'prom-client';

type Labels = Record<string, string>;
interface Value {
  value: number;
  labels: Labels;
  metricName?: string;
}

/**
 * Counters and histograms for hot paths, read by prom-client's registry. prom-client's own ones hash the labels at every observation;
 * these are looked up by one string, or kept by the code that counts.
 */
abstract class Family<S> {
  private readonly series = new Map<string, { labels: Labels; series: S }>();

  constructor(
    readonly name: string,
    readonly help: string,
    private readonly labelNames: readonly string[],
  ) {}

  protected abstract create(): S;
  protected abstract values(series: S, labels: Labels): Value[];
  protected abstract readonly type: 'counter' | 'histogram';

  /** The series with these labels' values, in the order of the names. */
  of(...values: readonly string[]): S {
    const key = values.join('\0');
    const known = this.series.get(key);
    if (known) return known.series;
    const labels = Object.fromEntries(this.labelNames.map((name, i) => [name, values[i]!]));
    const series = this.create();
    this.series.set(key, { labels, series });
    return series;
  }

  get(): Promise<object> {
    const values = [...this.series.values()].flatMap(({ labels, series }) => this.values(series, labels));
    return Promise.resolve({ name: this.name, help: this.help, type: this.type, aggregator: 'sum', values });
  }

  get asMetric(): Metric {
    return this as unknown as Metric;
  }
}

export class Counters extends Family<{ count: number }> {
  protected readonly type = 'counter';
  protected create() {
    return { count: 0 };
  }
  protected values({ count }: { count: number }, labels: Labels): Value[] {
    return [{ value: count, labels }];
  }
}

export class Histograms extends Family<Histogram> {
  protected readonly type = 'histogram';

  /** `bounds`: upper ends of the buckets, ascending, in seconds. */
  constructor(
    name: string,
    help: string,
    labelNames: readonly string[],
    private readonly bounds: readonly number[],
  ) {
    super(name, help, labelNames);
  }

  protected create(): Histogram {
    return new Histogram(this.bounds);
  }

  protected values(histogram: Histogram, labels: Labels): Value[] {
    let below = 0;
    const buckets = [...this.bounds, Infinity].map((bound, i) => {
      below += histogram.counts[i]!;
      const le = bound === Infinity ? '+Inf' : String(bound);
      return { metricName: `${this.name}_bucket`, labels: { ...labels, le }, value: below };
    });
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, labels, value: histogram.sum },
      { metricName: `${this.name}_count`, labels, value: below },
    ];
  }
}

export class Histogram {
  readonly counts: number[];
  sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(seconds: number): void {
    let i = 0;
    while (i < this.bounds.length && seconds > this.bounds[i]!) i++;
    this.counts[i]!++;
    this.sum += seconds;
  }
}
