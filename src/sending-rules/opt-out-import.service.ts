import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { User } from '../auth/principal.js';
import { csvRows, type Row } from '../common/csv/csv-rows.js';
import { csvText } from '../common/csv/csv-text.js';
import { tooLarge } from '../common/csv/file-bytes.js';
import { ApiError, invalid, invalidField, type ErrorDetail } from '../common/errors.js';
import type { Upload } from '../common/http/uploads.js';
import { TimeSlice } from '../common/time-slice.js';
import { parsePhoneNumber, parseSender, type NumberRules } from '../domain/phone-number.js';
import { numberRules } from '../tenants/number-rules.js';
import { SettingsService } from '../tenants/settings.service.js';
import { OptOuts, type NewOptOut } from './opt-outs.js';

/** They are in memory until the last line is read: about 20 MB. */
const MOST_LINES = 100_000;
const MOST_PROBLEMS = 100;
const CHUNK = 500;
const COLUMNS = ['number', 'sender', 'reason'] as const;
const LONGEST = { number: 40, sender: 100, reason: 500 };

type Places = Readonly<Record<(typeof COLUMNS)[number], number>>;

/** A file of opt-outs, as `export.csv` writes it or with a column `number` alone: all lines are added, or none. */
@Injectable()
export class OptOutImportService {
  constructor(
    private readonly optOuts: OptOuts,
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
  ) {}

  /** @throws ApiError 4xx that names each bad line; then nothing is added. */
  async take(caller: User, open: () => Promise<Upload>): Promise<{ added: number; known: number }> {
    const { tenant } = caller;
    const upload = await open();
    const rules = numberRules(await this.settings.get(tenant), { anyPossible: true });
    const read = await readFile(upload.bytes, rules);
    await upload.finish();
    let added = 0;
    for (let i = 0; i < read.length; i += CHUNK)
      added += (await this.optOuts.add(tenant, read.slice(i, i + CHUNK))).filter(Boolean).length;
    // What waits for them is stopped when it is due: looking for each of them now could take minutes.
    await this.audit.record(caller, 'IMPORT_OPT_OUTS', { lines: read.length, added });
    return { added, known: read.length - added };
  }
}

async function readFile(bytes: AsyncIterable<Buffer>, rules: NumberRules): Promise<NewOptOut[]> {
  const slice = new TimeSlice();
  const optOuts: NewOptOut[] = [];
  const problems: ErrorDetail[] = [];
  let places: Places | undefined;
  for await (const row of csvRows(csvText(bytes), undefined)) {
    if (!places) places = findColumns(row.cells);
    else {
      const one = readLine(row, places, rules);
      if ('field' in one) problems.push(one);
      else optOuts.push(one);
      if (problems.length >= MOST_PROBLEMS) break;
      if (optOuts.length > MOST_LINES) throw tooLarge(`The file has more than ${MOST_LINES} lines. Split it.`);
      if (slice.isOver) await slice.next();
    }
  }
  if (problems.length > 0) throw invalid(problems, 'bad_lines');
  if (optOuts.length === 0)
    throw new ApiError(
      400,
      'empty_file',
      'The file needs a header line with the column number, and a line for each opt-out.',
    );
  return optOuts;
}

function findColumns(cells: readonly string[]): Places {
  const headers = cells.map((cell) => cell.trim().toLowerCase());
  const places = Object.fromEntries(COLUMNS.map((name) => [name, headers.indexOf(name)])) as Places;
  if (places.number < 0) throw invalidField('lines.1', 'has no column number', 'missing_column');
  const again = COLUMNS.find((name) => headers.indexOf(name) !== headers.lastIndexOf(name));
  if (again) throw invalidField('lines.1', `has the column ${again} twice`, 'duplicate_header');
  return places;
}

function readLine({ line, cells }: Row, places: Places, rules: NumberRules): NewOptOut | ErrorDetail {
  const texts = { number: '', sender: '', reason: '' };
  for (const name of COLUMNS) {
    texts[name] = (cells[places[name]] ?? '').trim();
    if (texts[name].length > LONGEST[name])
      return { field: `lines.${line}.${name}`, message: `is longer than ${LONGEST[name]} characters` };
  }
  const number = parsePhoneNumber(texts.number, rules);
  if ('problem' in number) return { field: `lines.${line}.number`, message: number.problem };
  const sender = texts.sender === '' ? null : parseSender(texts.sender, rules);
  return { number: number.e164, sender, source: 'import', reason: texts.reason || null };
}
