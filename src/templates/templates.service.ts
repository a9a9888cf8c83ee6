import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { AuditService } from '../audit/audit.service.js';
import type { Principal, User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { conflict, invalidField, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { cursorId, listOf, type List, type Page } from '../common/paging.js';
import type { TenantId } from '../common/tenant-id.js';
import type { TextEncoding } from '../domain/gsm7.js';
import { composeText } from '../domain/sms-text.js';
import { countSegments } from '../domain/sms-segments.js';
import type { Variables } from '../domain/template.js';
import { showTemplate, variablesOf, wordingOf, type TemplateDoc, type Translation } from './template-doc.js';
import { TemplatesRepository } from './templates.repository.js';

export interface TemplateFields {
  name: string;
  content: string;
  title?: string | undefined;
  translations?: Readonly<Record<string, Translation>> | undefined;
  encoding?: TextEncoding | undefined;
  ignores_opt_outs?: boolean | undefined;
}

@Injectable()
export class TemplatesService {
  constructor(
    private readonly repository: TemplatesRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async create(caller: User, fields: TemplateFields) {
    const { name, content, title, translations, encoding = 'auto', ignores_opt_outs = false } = fields;
    const now = this.clock.now();
    const template: TemplateDoc = {
      _id: newId('tpl'),
      tenant_id: caller.tenant,
      name,
      content,
      ...(title === undefined ? {} : { title }),
      ...(translations === undefined ? {} : { translations }),
      encoding,
      ignores_opt_outs,
      variables: variablesOf({ content, title, translations }),
      is_approved: false,
      approved_at: null,
      approved_by: null,
      version: 1,
      created_by: caller.id,
      created_at: now,
      updated_at: now,
    };
    await this.repository.insert(template);
    await this.audit.record(caller, 'CREATE_TEMPLATE', { template_id: template._id, name });
    if (ignores_opt_outs) await this.recordExemption(caller, template._id, true);
    return showTemplate(template);
  }

  async list(caller: Principal, approved: boolean | null, page: Page): Promise<List<ReturnType<typeof showTemplate>>> {
    const rows = await this.repository.list(caller.tenant, approved, page.limit, page.skip, cursorId(page));
    return listOf(rows, page, showTemplate);
  }

  async get(caller: Principal, id: string) {
    return showTemplate(await this.mustFind(caller.tenant, id));
  }

  /** A change of what is said, in any language, or of the encoding removes the approval; a new name doesn't. */
  async update(caller: User, id: string, change: Partial<TemplateFields>) {
    const template = await this.mustFind(caller.tenant, id);
    const set: Partial<TemplateDoc> = { updated_at: this.clock.now() };
    if (change.name !== undefined) set.name = change.name;
    if (change.ignores_opt_outs !== undefined) set.ignores_opt_outs = change.ignores_opt_outs;
    const wording = wordingOf({ ...template, ...definedOf(change) });
    if (!isDeepStrictEqual(wording, wordingOf(template))) {
      Object.assign(set, {
        ...wording,
        variables: variablesOf(wording),
        is_approved: false,
        approved_at: null,
        approved_by: null,
        version: template.version + 1,
      });
    }
    const changed = await this.repository.update(caller.tenant, id, template.version, { $set: set });
    if (!changed) throw changedMeanwhile();
    await this.audit.record(caller, 'UPDATE_TEMPLATE', {
      template_id: id,
      approval_reset: template.is_approved && !changed.is_approved,
    });
    const isExempt = changed.ignores_opt_outs ?? false;
    if (isExempt !== (template.ignores_opt_outs ?? false)) await this.recordExemption(caller, id, isExempt);
    return showTemplate(changed);
  }

  async approve(caller: User, id: string, version: number | undefined) {
    const template = await this.mustFind(caller.tenant, id);
    if (version !== undefined && version !== template.version) throw changedMeanwhile();
    const now = this.clock.now();
    const approved = await this.repository.update(caller.tenant, id, template.version, {
      $set: { is_approved: true, approved_at: now, approved_by: caller.id, updated_at: now },
    });
    if (!approved) throw changedMeanwhile();
    await this.audit.record(caller, 'APPROVE_TEMPLATE', { template_id: id, version: template.version });
    return showTemplate(approved);
  }

  async delete(caller: User, id: string): Promise<void> {
    if (!(await this.repository.delete(caller.tenant, id))) throw notFound('template', id);
    await this.audit.record(caller, 'DELETE_TEMPLATE', { template_id: id });
  }

  /** The text as it would be sent, with its segments; then in both encodings, to show what the GSM alphabet saves. */
  async preview(caller: Principal, id: string, variables: Variables) {
    const { content, encoding = 'auto' } = await this.mustFind(caller.tenant, id);
    const shown = (encoding: TextEncoding) => {
      const rendered = composeText({ content, isTemplate: true, encoding }, variables);
      if ('missing' in rendered)
        throw invalidField(`variables.${rendered.missing}`, `Missing variable ${rendered.missing}`);
      const counted = countSegments(rendered.text);
      return {
        text: rendered.text,
        length: [...rendered.text].length,
        encoding: counted.encoding,
        segments: counted.segments,
      };
    };
    const ways = { auto: shown('auto'), gsm7: shown('gsm7') };
    return { ...ways[encoding], ...ways };
  }

  /** Returns a template for sending. @throws ApiError 404, or 400 when it isn't approved. */
  async approved(tenant: TenantId, id: string): Promise<TemplateDoc> {
    const template = await this.mustFind(tenant, id);
    if (!template.is_approved) throw invalidField('template_id', 'Template not approved', 'template_not_approved');
    return template;
  }

  /** Whether messages of the template still go to those who have opted out. */
  async ignoresOptOuts(tenant: TenantId, id: string): Promise<boolean> {
    return (await this.repository.byId(tenant, id))?.ignores_opt_outs ?? false;
  }

  /** A line of its own: who has taken the recipients' word from them must be easy to find. */
  private recordExemption(caller: User, template_id: string, ignores_opt_outs: boolean): Promise<void> {
    return this.audit.record(caller, 'EXEMPT_TEMPLATE', { template_id, ignores_opt_outs });
  }

  private async mustFind(tenant: TenantId, id: string): Promise<TemplateDoc> {
    const template = await this.repository.byId(tenant, id);
    if (!template) throw notFound('template', id);
    return template;
  }
}

/** What was said; the rest stays as it is. */
function definedOf<T extends object>(change: T): Partial<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function changedMeanwhile() {
  return conflict('template_changed', 'The template was changed in the meantime. Read it again and repeat the call.');
}
