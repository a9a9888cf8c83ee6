import { Rule } from '../../common/dto/decorators.js';
import { isRecord } from '../../common/dto/value-records.js';

/** A route, or a kind of route. */
const PRICED =
  '^(agent|group|carrier|agent:agt_[0-9a-z]{26}|group:[a-z0-9][a-z0-9_-]{0,39}|carrier:[a-z0-9][a-z0-9-]{0,39})$';
const HIGHEST = 1_000_000;
const MOST = 1000;

/** What a segment costs, by route or kind of route. */
export function IsSegmentPrices(): PropertyDecorator {
  const schema = {
    type: 'object',
    patternProperties: { [PRICED]: { type: 'number', minimum: 0, maximum: HIGHEST } },
    additionalProperties: false,
    maxProperties: MOST,
  };
  const name = new RegExp(PRICED);
  const isPrice = (price: unknown): boolean => typeof price === 'number' && price >= 0 && price <= HIGHEST;
  return Rule(
    'isSegmentPrices',
    schema,
    (value) =>
      isRecord(value, (route, price) => name.test(route) && isPrice(price)) &&
      Object.keys(value as object).length <= MOST,
  );
}
