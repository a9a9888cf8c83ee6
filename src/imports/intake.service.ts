import { Injectable } from '@nestjs/common';
import { createHash, type Hash } from 'node:crypto';
import { AuditService } from '../audit/audit.service.js';
import { PrincipalSource } from '../auth/principal-source.js';
import { Clock } from '../common/clock.js';
import { ApiError, busy, invalidField } from '../common/errors.js';
import { checkIdempotencyKey, keyReused } from '../common/idempotency-key.js';
import { spoolUpload } from '../common/http/spooled-upload.js';
import type { Upload } from '../common/http/uploads.js';
import { idMaker } from '../common/ids.js';
import { Config } from '../config/load-config.js';
import { DuplicateKeyError } from '../database/query.js';
import type { Submitter } from '../messages/messages.service.js';
import { SUBMIT } from '../requests/sending-rights.js';
import { KEEP_MILLIS } from '../requests/idempotency.js';
import { Preparation, type Common } from '../requests/preparation.js';
import { DuplicatePreview } from '../requests/duplicate-preview.js';
import { RequestsService } from '../requests/requests.service.js';
import { DuplicateLines } from './duplicate-lines.js';
import { Samples, type DryRun } from './dry-run.js';
import { readFile, Tally } from './file-reader.js';
import type { ImportParameters } from './dto/import-parameters.js';
import { canonicalParameters, mergeParameters, requestOf } from './import-parameters.js';
import { ImportWorker } from './import.worker.js';
import type { ImportDoc } from './import.js';
import { ImportsRepository } from './imports.repository.js';
import { Staging } from './staging.js';

/**
 * Accepts a file completely or not at all: it checks and stores every line first; then one write commits the import, and the worker
 * submits it. docs/decisions/0012-imports.md gives the reasons.
 */
@Injectable()
export class IntakeService {
  private readonly nextId: () => string;

  constructor(
    private readonly principals: PrincipalSource,
    private readonly preparation: Preparation,
    private readonly requests: RequestsService,
    private readonly duplicates: DuplicatePreview,
    private readonly repository: ImportsRepository,
    private readonly staging: Staging,
    private readonly worker: ImportWorker,
    private readonly audit: AuditService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.nextId = idMaker('imp', () => clock.now());
  }

  /** @throws ApiError 4xx that names each problem and its line; then nothing is stored and nothing will be sent. */
  async take(
    caller: Submitter,
    query: ImportParameters,
    open: () => Promise<Upload>,
    key: string | undefined,
  ): Promise<ImportDoc | DryRun> {
    if (key !== undefined) checkIdempotencyKey(key);
    const opened = this.asksAgain(caller, await open());
    if (isComplete(query, opened)) return this.read(caller, query, refusingFields(opened), key);
    const upload = await spoolUpload(opened, this.config.DATA_DIR);
    try {
      return await this.read(caller, query, upload, key);
    } finally {
      await upload.close();
    }
  }

  private async read(
    caller: Submitter,
    query: ImportParameters,
    upload: Upload,
    key: string | undefined,
  ): Promise<ImportDoc | DryRun> {
    const parameters = mergeParameters(query, upload.fields);
    if (parameters.dry_run) return this.tryOut(caller, parameters, upload);
    const hash = createHash('sha256').update(canonicalParameters(parameters));
    const known = key === undefined ? null : await this.known(caller, key);
    if (!known) return this.stage(caller, parameters, upload, hash, key);
    for await (const piece of upload.bytes) hash.update(piece);
    await upload.finish();
    return sameContent(known, hash.digest('base64url'));
  }

  /** Uploading a file may take hours. */
  private asksAgain(caller: Submitter, upload: Upload): Upload {
    const finish = async (): Promise<void> => {
      await upload.finish();
      await this.principals.stillMay(caller, SUBMIT);
    };
    return { ...upload, finish };
  }

  private async tryOut(caller: Submitter, parameters: ImportParameters, upload: Upload): Promise<DryRun> {
    const common = await this.preparation.prepareCommon(caller, requestOf(parameters));
    const tally = new Tally();
    const samples = new Samples();
    const duplicates = new DuplicateLines((lines) =>
      this.duplicates.look(caller.tenant, common, parameters.channel, lines),
    );
    for await (const line of readFile(upload.bytes, parameters, common, this.config)) {
      if (!tally.add(line)) continue;
      samples.add(line);
      await duplicates.add(line);
    }
    await duplicates.finish();
    await upload.finish();
    return samples.show(tally, duplicates, parameters.skip_bad_lines === true);
  }

  private async stage(
    caller: Submitter,
    parameters: ImportParameters,
    upload: Upload,
    hash: Hash,
    key: string | undefined,
  ): Promise<ImportDoc> {
    const common = await this.preparation.prepareCommon(caller, requestOf(parameters));
    const doc = this.newImport(caller, parameters, common);
    try {
      const file = await this.staging.open(doc, this.config.MAX_RECIPIENTS_PER_REQUEST);
      const tally = new Tally();
      for await (const line of readFile(hashed(upload.bytes, hash), parameters, common, this.config)) {
        if (!tally.add(line)) {
          if (!parameters.skip_bad_lines && tally.isFull) break;
        } else if (tally.bad === 0 || parameters.skip_bad_lines) await file.add(line);
      }
      if (!parameters.skip_bad_lines || tally.messages === 0) tally.refuseBad();
      await upload.finish();
      await file.flush();
      const { chunks } = file;
      return await this.commit(caller, doc, { ...counted(tally), chunks, content_hash: hash.digest('base64url') }, key);
    } catch (error) {
      await this.staging.discard(doc);
      throw error;
    }
  }

  /** Commits the import, unless its Idempotency-Key already belongs to another one. */
  private async commit(
    caller: Submitter,
    doc: ImportDoc,
    file: Pick<ImportDoc, 'total_messages' | 'content_hash'> & Partial<ImportDoc>,
    key: string | undefined,
  ): Promise<ImportDoc> {
    const now = this.clock.now();
    const taken = key === undefined ? {} : { idempotency_key: key, key_until: new Date(now.getTime() + KEEP_MILLIS) };
    try {
      await this.requests.checkDay(caller, file.total_messages);
      const committed = await this.repository.changeStaging(doc.tenant_id, doc._id, {
        ...file,
        ...taken,
        status: 'queued',
        due_at: now,
        updated_at: now,
      });
      if (!committed) throw busy('The upload took too long. Nothing was sent; send the file again.', 1);
      await this.audit.record(caller, 'CREATE_IMPORT', { import_id: doc._id, total_messages: file.total_messages });
      this.worker.wake();
      return committed;
    } catch (error) {
      // The same upload, sent at the same time, may have been faster and have used up the daily limit.
      const lost = error instanceof DuplicateKeyError || error instanceof ApiError;
      const first = key !== undefined && lost ? await this.known(caller, key) : null;
      if (error instanceof DuplicateKeyError && !first)
        throw busy('Several uploads use this Idempotency-Key at the same time. Send the file again.', 1);
      if (!first) throw error;
      await this.staging.discard(doc);
      return sameContent(first, file.content_hash);
    }
  }

  private async known(caller: Submitter, key: string): Promise<ImportDoc | null> {
    const first = await this.repository.byKey(caller.tenant, caller.id, key);
    if (!first || first.key_until! > this.clock.now()) return first;
    await this.repository.releaseKey(caller.tenant, first._id);
    return null;
  }

  private newImport(caller: Submitter, parameters: ImportParameters, common: Common): ImportDoc {
    const now = this.clock.now();
    return {
      _id: this.nextId(),
      tenant_id: caller.tenant,
      client_id: caller.id,
      submitter: caller,
      status: 'staging',
      request: requestOf(parameters),
      template_version: common.template?.version ?? null,
      content_hash: '',
      chunks: 0,
      next_chunk: 0,
      ...counted(new Tally()),
      total_created: 0,
      total_skipped: 0,
      total_opted_out: 0,
      request_ids: [],
      reason: null,
      due_at: this.staging.staleAt(now),
      created_at: now,
      updated_at: now,
      finished_at: null,
    };
  }
}

/** No field is missed: the file is read while it arrives. */
function isComplete({ template_id, text, agent_id, route }: ImportParameters, { isForm, fields }: Upload): boolean {
  if (!isForm) return true;
  return (template_id ?? text) !== undefined && (agent_id ?? route) !== undefined && Object.keys(fields).length === 0;
}

function refusingFields(upload: Upload): Upload {
  const finish = async (): Promise<void> => {
    await upload.finish();
    const [late] = Object.keys(upload.fields);
    if (late !== undefined)
      throw invalidField(late, 'comes too late behind the file: put it into the query with the others, or before file');
  };
  return { ...upload, finish };
}

function counted({ messages, segments, bad, badLines }: Tally) {
  return { total_messages: messages, total_segments: segments, total_bad: bad, bad_lines: badLines };
}

function sameContent(first: ImportDoc, hash: string): ImportDoc {
  if (first.content_hash !== hash) throw keyReused();
  return first;
}

async function* hashed(bytes: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    hash.update(piece);
    yield piece;
  }
}
