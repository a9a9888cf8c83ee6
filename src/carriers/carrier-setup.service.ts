import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { User } from '../auth/principal.js';
import { Clock } from '../common/clock.js';
import { ApiError, conflict, invalidField } from '../common/errors.js';
import { hashSecret, newPassword } from '../common/secrets.js';
import { Sealer } from '../common/sealer.js';
import { DuplicateKeyError } from '../database/query.js';
import { AccountSettingsSource, CALLBACK_TOKEN, type AccountSettings } from './account-settings.js';
import type { TestOutcome } from './carrier.js';
import { CarrierAccounts } from './carrier-accounts.js';
import { CarrierAccountsRepository } from './carrier-accounts.repository.js';
import type { AccountValues, CarrierKind } from './carrier-kinds.js';
import { CarriersService } from './carriers.service.js';

const TEST_MILLIS = 10_000;

/** The body of `PUT /admin/carriers/:name`: what every carrier has, and its own fields. */
export interface AccountBody {
  enabled?: boolean;
  per_second?: number | null;
  concurrency?: number | null;
}

/** Sets up a tenant's account at a carrier, tries it and removes it. */
@Injectable()
export class CarrierSetupService {
  constructor(
    private readonly carriers: CarriersService,
    private readonly accounts: CarrierAccounts,
    private readonly source: AccountSettingsSource,
    private readonly repository: CarrierAccountsRepository,
    private readonly sealer: Sealer,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Replaces the account, unless the provider refuses it; then nothing is stored. @throws ApiError 400, 404 or 409 */
  async put(caller: User, name: string, body: AccountBody) {
    const kind = this.carriers.mustFind(name);
    const { enabled = true, per_second, concurrency, ...fields } = body;
    const given = withoutNulls(fields);
    const flaw = kind.flaw?.(given);
    if (flaw) throw invalidField(flaw.field, flaw.problem);
    const accountId = kind.accountId(given);
    const before = await this.source.of(caller.tenant, kind);
    const own = before && valuesOf(before, accountId);
    const values = complete(kind, given, own);
    const test = enabled ? await this.tryOut(caller, kind, values) : null;
    if (test?.kind === 'refused') throw refused(test);
    const isSame =
      own !== null && kind.secrets.every((secret) => secret === CALLBACK_TOKEN || own[secret] === values[secret]);
    const verifiedAt = test?.kind === 'proven' ? this.clock.now() : isSame ? before?.doc?.verified_at : undefined;
    if (verifiedAt) await this.mustBeFree(caller, kind, accountId);
    const token = values[CALLBACK_TOKEN];
    await this.save(kind, () =>
      this.repository.put(
        caller.tenant,
        name,
        {
          account_id: accountId,
          values: pick(values, (field) => !kind.secrets.includes(field)),
          secrets: this.sealAll(pick(values, (field) => kind.secrets.includes(field))),
          callback_token_hash: token === undefined ? undefined : hashSecret(String(token)),
          enabled,
          per_second: per_second ?? undefined,
          concurrency: concurrency ?? undefined,
          verified_at: verifiedAt,
          exclusive: verifiedAt && isExclusive(kind) ? true : undefined,
        },
        this.clock.now(),
      ),
    );
    const secrets = kind.secrets.filter((secret) => values[secret] !== own?.[secret]);
    const audited = { carrier: name, account_id: accountId, enabled, verified: verifiedAt !== undefined };
    await this.audit.record(caller, 'UPDATE_CARRIER', { ...audited, changed_secrets: secrets });
    const isNewToken = token !== undefined && token !== own?.[CALLBACK_TOKEN];
    const shown = await this.carriers.get(caller.tenant, name, isNewToken ? String(token) : undefined);
    return { ...shown, test: test && showTest(test) };
  }

  async remove(caller: User, name: string) {
    const kind = this.carriers.mustFind(name);
    if (!(await this.repository.remove(caller.tenant, name))) {
      const settings = await this.source.of(caller.tenant, kind);
      if (settings) throw notStored(kind, settings);
      throw notSetUp(kind);
    }
    this.accounts.forget();
    await this.audit.record(caller, 'DELETE_CARRIER', { carrier: name });
    return { status: 'ok' };
  }

  /** Costs nothing and sends nothing. */
  async test(caller: User, name: string) {
    const kind = this.carriers.mustFind(name);
    const settings = await this.source.of(caller.tenant, kind);
    if (!settings) throw notSetUp(kind);
    const values = valuesOf(settings, settings.accountId);
    if (!values)
      throw conflict(
        'carrier_unreadable',
        `The secrets of the account were encrypted with another SECRETS_KEY. Send them again with PUT.`,
      );
    const outcome = await this.tryOut(caller, kind, values);
    const { configured, doc, accountId } = settings;
    let verifiedAt = configured === 'store' ? (doc!.verified_at ?? null) : null;
    if (outcome.kind === 'proven' && configured === 'store' && !verifiedAt) {
      await this.mustBeFree(caller, kind, accountId);
      const now = this.clock.now();
      if (await this.save(kind, () => this.repository.verify(doc!, isExclusive(kind), now))) verifiedAt = now;
    }
    const { ok, code } = showTest(outcome);
    await this.audit.record(caller, 'TEST_CARRIER', { carrier: name, account_id: accountId, ok, code });
    return { ...showTest(outcome), verified_at: verifiedAt };
  }

  private async tryOut({ tenant }: User, kind: CarrierKind, values: AccountValues): Promise<TestOutcome> {
    const carrier = await this.accounts.open(tenant, kind, values);
    return carrier.test(AbortSignal.timeout(TEST_MILLIS));
  }

  private async mustBeFree({ tenant }: User, kind: CarrierKind, accountId: string): Promise<void> {
    if (isExclusive(kind) && (await this.source.isElsewhere(tenant, kind, accountId))) throw taken(kind);
  }

  /** @throws ApiError 409 when another tenant has the account, or the secret of its callbacks. */
  private async save<T>(kind: CarrierKind, write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof DuplicateKeyError)) throw error;
      if (!error.key.includes('callback_token_hash')) throw taken(kind);
      const message = 'is in use; leave it out to have one generated';
      throw conflict('callback_token_taken', `${CALLBACK_TOKEN} ${message}.`, [{ field: CALLBACK_TOKEN, message }]);
    } finally {
      this.accounts.forget();
    }
  }

  private sealAll(secrets: AccountValues): Record<string, string> {
    return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, this.sealer.seal(String(value))]));
  }
}

/** Accounts that are built in are everybody's. */
function isExclusive(kind: CarrierKind): boolean {
  return kind.builtIn === undefined && !kind.isShared;
}

/** The fields of the account; null when it is another one, or its secrets can't be opened. */
function valuesOf(settings: AccountSettings, accountId: string): AccountValues | null {
  if (settings.accountId !== accountId) return null;
  try {
    return settings.values();
  } catch {
    return null;
  }
}

/** A secret that is left out stays as it is while the account is the same; the one of callbacks is made. @throws ApiError 400 */
function complete(kind: CarrierKind, given: AccountValues, own: AccountValues | null): AccountValues {
  const secrets = kind.secrets.map((name) => {
    const value = given[name] ?? own?.[name];
    if (value !== undefined) return [name, value] as const;
    if (name === CALLBACK_TOKEN) return [name, newPassword(32)] as const;
    throw invalidField(name, 'is required, since it is not known for this account');
  });
  return { ...given, ...Object.fromEntries(secrets) };
}

function withoutNulls(fields: object): AccountValues {
  return pick(fields as AccountValues, (_, value) => value !== null && value !== undefined);
}

function pick(values: AccountValues, matches: (name: string, value: unknown) => boolean): AccountValues {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => matches(name, value)));
}

function showTest(outcome: TestOutcome) {
  const { code = null, reason = null, field = null, name = null } = outcome as Partial<Record<string, string>>;
  return { ok: outcome.kind === 'proven', field, code, reason, name };
}

function refused({ field, code, reason }: Extract<TestOutcome, { kind: 'refused' }>): ApiError {
  return invalidField(field, `${reason} (${code})`, 'carrier_refused');
}

function taken(kind: CarrierKind): ApiError {
  const message = `Another tenant of this gateway has this account at ${kind.title}. Use another account, or remove it there first.`;
  return conflict('carrier_account_taken', message);
}

function notSetUp(kind: CarrierKind): ApiError {
  const message = `${kind.title} is not set up. Set it up with PUT /admin/carriers/${kind.name}.`;
  return new ApiError(404, 'carrier_not_found', message);
}

function notStored(kind: CarrierKind, { configured }: AccountSettings): ApiError {
  const origin = configured === 'environment' ? 'from the environment of the gateway' : 'with the gateway';
  return conflict(
    'carrier_not_stored',
    `The account at ${kind.title} comes ${origin} and can't be removed here. Switch it off with PUT /admin/carriers/${kind.name} and enabled: false.`,
  );
}
