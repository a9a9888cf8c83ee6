/** To whom a push goes: a device, by its registration token or its installation id, or everybody who has subscribed to a topic. */
export interface PushTarget {
  kind: 'token' | 'fid' | 'topic';
  value: string;
}

const KINDS: readonly string[] = ['token', 'fid', 'topic'] satisfies PushTarget['kind'][];

/** As a message's `to`: `token:<token>`. A token has colons itself, so the kind always stands in front. */
export function writePushTarget({ kind, value }: PushTarget): string {
  return `${kind}:${value}`;
}

/** Null for what is none. */
export function readPushTarget(to: string): PushTarget | null {
  const at = to.indexOf(':');
  const kind = to.slice(0, at);
  const value = to.slice(at + 1);
  return at > 0 && value !== '' && KINDS.includes(kind) ? { kind: kind as PushTarget['kind'], value } : null;
}
