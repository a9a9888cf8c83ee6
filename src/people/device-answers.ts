import { Type } from 'typebox';
import { ExampleText, IdOf, Time } from '../common/http/answers.js';
import { Nullable, withExample } from '../common/schema.js';
import type { PushTokenDoc } from './push-token.js';

export const Device = Type.Object(
  {
    id: IdOf('tok'),
    kind: Type.Enum(['token', 'fid'], { examples: ['token'] }),
    value: ExampleText('cA1b2C3d4E5:APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx'),
    dead: withExample(
      Nullable(
        Type.Object(
          { code: ExampleText('UNREGISTERED'), at: Time },
          { description: "The provider doesn't know it any more; nothing is sent to it until it is registered again." },
        ),
      ),
      null,
    ),
    created_at: Time,
    seen_at: Time,
  },
  { $id: 'Device' },
);
export const Devices = Type.Object({ items: Type.Array(Device), count: Type.Integer({ examples: [1] }) });

export function showDevice({ _id, kind, value, dead, created_at, seen_at }: PushTokenDoc) {
  return { id: _id, kind, value, dead: dead ?? null, created_at, seen_at };
}
