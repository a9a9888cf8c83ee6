import { TestGateway } from './gateway.js';

/**
 * A gateway whose clock is far ahead of the machine's. Both stores remove what has expired by the machine's time, so a test about
 * something that expires would lose it halfway on the day that its clock stands at.
 */
export async function startInTheFuture(env: Record<string, string> = {}): Promise<TestGateway> {
  const gateway = await TestGateway.start(env);
  gateway.clock.set('2126-11-21T10:00:00.000Z');
  return gateway;
}
