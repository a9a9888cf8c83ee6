import { Injectable } from '@nestjs/common';
import type { TenantId } from '../common/tenant-id.js';
import { InjectStore } from '../database/database.module.js';
import type { Store } from '../database/collection.js';
import type { Update } from '../database/query.js';
import { TenantCollection } from '../database/tenant-collection.js';
import type { TemplateDoc } from './template-doc.js';

@Injectable()
export class TemplatesRepository {
  private readonly templates: TenantCollection<TemplateDoc>;

  constructor(@InjectStore() store: Store) {
    this.templates = new TenantCollection(store.collection<TemplateDoc>('templates'));
  }

  insert(template: TemplateDoc): Promise<void> {
    return this.templates.insertOne(template.tenant_id, template);
  }
  byId(tenant: TenantId, id: string): Promise<TemplateDoc | null> {
    return this.templates.findOne(tenant, { _id: id });
  }
  list(
    tenant: TenantId,
    approved: boolean | null,
    limit: number,
    skip: number,
    before?: string,
  ): Promise<TemplateDoc[]> {
    const where = {
      ...(approved === null ? {} : { is_approved: approved }),
      ...(before ? { _id: { $lt: before } } : {}),
    };
    return this.templates.find(tenant, where, { sort: { _id: -1 }, limit, skip });
  }
  /** Changes the template only while it still has this version. */
  update(tenant: TenantId, id: string, version: number, update: Update): Promise<TemplateDoc | null> {
    return this.templates.findOneAndUpdate(tenant, { _id: id, version }, update);
  }
  async delete(tenant: TenantId, id: string): Promise<boolean> {
    return (await this.templates.deleteOne(tenant, { _id: id })).deleted === 1;
  }
}
