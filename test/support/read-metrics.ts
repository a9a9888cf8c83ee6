import type { Api } from './api.js';

/** Reads the gateway's metrics now; `sum` adds up the series whose labels have these values. */
export async function readMetrics(api: Api) {
  const { body } = await api.get('/metrics');
  const series = [...(body as string).matchAll(/^(\w+)(?:\{([^}]*)\})? (\S+)$/gm)].map(([, name, labels, value]) => ({
    name,
    labels: Object.fromEntries([...(labels ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key!, text!])),
    value: Number(value),
  }));
  const sum = (name: string, labels: Record<string, string> = {}) =>
    series
      .filter((one) => one.name === name && Object.entries(labels).every(([key, text]) => one.labels[key] === text))
      .reduce((total, { value }) => total + value, 0);
  return { sum };
}
