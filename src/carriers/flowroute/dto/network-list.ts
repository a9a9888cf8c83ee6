import { Matches, MaxLength } from 'class-validator';
import { applyDecorators } from '@nestjs/common';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const V4 = `${OCTET}(?:\\.${OCTET}){3}(?:/(?:3[0-2]|[12]?\\d))?`;
const GROUPS = '[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})';
const V6 = `(?:${GROUPS}{7}|(?:${GROUPS}{0,6})?::(?:${GROUPS}{0,6})?)(?:/(?:12[0-8]|1[01]\\d|[1-9]?\\d))?`;
const NETWORK = `(?:${V4}|${V6})`;

/** Addresses and networks (CIDR), comma separated. */
export function IsNetworkList(): PropertyDecorator {
  return applyDecorators(
    MaxLength(1000),
    Matches(new RegExp(`^ *${NETWORK} *(?:, *${NETWORK} *)*$`, 'u'), {
      message: 'must be addresses or networks such as 203.0.113.0/24, comma separated',
    }),
  );
}
