/** A text that somebody writes to a number of the pool. */
export interface Written {
  from: string;
  code: string;
  /** The gateway has said that it has it. */
  isTaken: boolean;
  /** Its session may have been over when it was looked at. */
  mayBeLate: boolean;
}

/** One attempt to bring people together. Nobody is in two of them, so a text's number tells which one it belongs to. */
export interface Conversation {
  /** `pair`: by `/session`, told of the start and the end. `group`: by `/sessions`, told of neither. */
  kind: 'pair' | 'group';
  people: readonly string[];
  /** Absent: there was no answer, or a refusal. */
  id?: string;
  /** `asked`: by a call without an answer. `expires`: by itself, as soon as its time is set back. */
  end: 'none' | 'asked' | 'told' | 'expires' | 'expired';
  texts: Written[];
}

/** What the gateway was asked and has answered, and what left by the phones' radio, in its order. */
export class Conversations {
  readonly all: Conversation[] = [];
  readonly sent: { to: string; text: string }[] = [];
  private readonly byPerson = new Map<string, Conversation>();
  private people = 0;

  begin(kind: Conversation['kind'], size: number, end: Conversation['end']): Conversation {
    const people = Array.from({ length: size }, () => `+84938${String(100_000 + this.people++)}`);
    const conversation: Conversation = { kind, people, end, texts: [] };
    this.all.push(conversation);
    for (const person of people) this.byPerson.set(person, conversation);
    return conversation;
  }

  with(person: string): Conversation | undefined {
    return this.byPerson.get(person);
  }

  /** What is on its way when a session is about to end may come too late. */
  isEnding({ people, texts }: Conversation): void {
    for (const text of texts) {
      const reached = new Set(this.sent.filter((one) => one.text.endsWith(text.code)).map(({ to }) => to));
      if (reached.size < people.length - 1) text.mayBeLate = true;
    }
  }
}
