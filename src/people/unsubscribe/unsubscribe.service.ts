import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { escapeHtml, languageFor } from '../../common/http/html.js';
import { LANGUAGES, paragraph, plainPage } from '../../common/http/page.js';
import { WAYS } from '../../domain/preference.js';
import { SettingsService } from '../../tenants/settings.service.js';
import { filled } from '../confirmations/code-words.js';
import { PeopleRepository } from '../people.repository.js';
import type { PersonDoc } from '../person.js';
import { PersonChanges } from '../person-changes.js';
import type { ShownPage } from '../shown-page.js';
import { Stops, type Decider } from '../stops.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';
import { UNSUBSCRIBE_WORDS } from './unsubscribe-words.js';

/** People end every way by which they are told things, with the link of a message alone. */
@Injectable()
export class UnsubscribeService {
  constructor(
    private readonly links: UnsubscribeLinks,
    private readonly people: PeopleRepository,
    private readonly changes: PersonChanges,
    private readonly stops: Stops,
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
  ) {}

  /** Asks: a program that opens every link of a mail must not unsubscribe anybody. */
  async ask(token: string, languages: string | undefined): Promise<ShownPage> {
    const person = await this.find(token);
    return this.page(person, languages, ({ question, submit }) => [
      question,
      `<form method="post"><button type="submit">${escapeHtml(submit)}</button></form>`,
    ]);
  }

  async unsubscribe(token: string, languages: string | undefined): Promise<ShownPage> {
    const person = await this.find(token);
    if (person) await this.stopAll(person);
    return this.page(person, languages, ({ done }) => [done, '']);
  }

  private async find(token: string): Promise<PersonDoc | null> {
    const id = this.links.read(token);
    return id === null ? null : this.people.byIdAnywhere(id);
  }

  private async stopAll({ tenant_id, _id }: PersonDoc): Promise<void> {
    let isNew = false;
    await this.changes.write(tenant_id, _id, async (seen) => {
      await this.stops.choose(seen, WAYS, BY_LINK);
      isNew = seen.stopped.length < WAYS.length;
      return isNew ? { $set: { stopped: [...WAYS] } } : null;
    });
    if (isNew) await this.audit.recordSystem(tenant_id, _id, 'UNSUBSCRIBE', { person_id: _id });
  }

  private async page(
    person: PersonDoc | null,
    languages: string | undefined,
    lines: (words: (typeof UNSUBSCRIBE_WORDS)['en']) => [text: string, html: string],
  ): Promise<ShownPage> {
    const language = languageFor(languages, LANGUAGES);
    const words = UNSUBSCRIBE_WORDS[language];
    if (!person) return { status: 404, language, html: plainPage(language, words.title, paragraph(words.unknown)) };
    const { org_name } = await this.settings.get(person.tenant_id);
    const [text, html] = lines(words);
    return {
      status: 200,
      language,
      html: plainPage(language, words.title, paragraph(filled(text, { org_name })) + html),
    };
  }
}

/** The number is theirs if they have confirmed it, or if an administrator or a client wrote it: without an account, nobody else can. */
const BY_LINK: Decider = {
  source: 'person',
  mayTakeBack: false,
  mayDecideForNumber: ({ phone_confirmed_at, user_id }) => Boolean(phone_confirmed_at) || !user_id,
};
