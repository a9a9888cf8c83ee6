import type { TenantId } from '../common/tenant-id.js';
import type { TextEncoding } from '../domain/gsm7.js';
import { templateVariables } from '../domain/template.js';

/** A template in another language. */
export interface Translation {
  content: string;
  title?: string;
}

export interface TemplateDoc {
  _id: string;
  tenant_id: TenantId;
  name: string;
  content: string;
  /** Of an e-mail or a push. */
  title?: string;
  /** By language, as BCP 47 tags: for people who read it. Approved with the content. */
  translations?: Readonly<Record<string, Translation>>;
  /** Absent in templates from before this field existed; then it is auto. */
  encoding?: TextEncoding;
  /** Its messages also go to those who have opted out: a code that they have just asked for. */
  ignores_opt_outs?: boolean;
  /** Sorted, unique. */
  variables: string[];
  is_approved: boolean;
  approved_at: Date | null;
  approved_by: string | null;
  /** Increases with every change of the content or encoding, so that nobody approves a text they have not seen. */
  version: number;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

export function showTemplate(template: TemplateDoc) {
  const { _id, tenant_id: _tenant, encoding = 'auto', ignores_opt_outs = false, ...rest } = template;
  return { id: _id, ...rest, encoding, ignores_opt_outs };
}

/** What an approval is for: with the same wording, the same is sent. */
export function wordingOf(template: Pick<TemplateDoc, 'content' | 'title' | 'translations' | 'encoding'>) {
  const { content, title, translations, encoding = 'auto' } = template;
  return { content, encoding, ...(title === undefined ? {} : { title }), ...(translations ? { translations } : {}) };
}

/** Those of every language: who sends it may meet anybody's. */
export function variablesOf(wording: {
  content: string;
  title?: string | undefined;
  translations?: Readonly<Record<string, Translation>> | undefined;
}): string[] {
  const all = [wording, ...Object.values(wording.translations ?? {})];
  return templateVariables(all.map(({ content, title }) => `${title ?? ''} ${content}`).join(' '));
}
