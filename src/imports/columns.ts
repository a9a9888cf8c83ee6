import { invalid, invalidField, type ApiError, type ErrorDetail } from '../common/errors.js';

// prettier-ignore
const NUMBER_HEADERS = new Set([
  'to', 'phone', 'phone number', 'phonenumber', 'number', 'mobile', 'mobile number', 'cell', 'tel', 'telephone', 'msisdn', 'recipient',
  'sdt', 'sđt', 'so dien thoai', 'số điện thoại', 'điện thoại', 'dien thoai',
]);

/** Which column holds the number and each variable. */
export interface Columns {
  headers: readonly string[];
  to: number;
  variables: readonly { name: string; column: number }[];
  /** How many cells a line needs for them. */
  width: number;
}

/**
 * Finds the columns of a header line. @param names the template's variables. @param mapping variable to header, from the caller.
 * @throws ApiError 400 that lists the headers of the file.
 */
export function findColumns(
  cells: readonly string[],
  names: readonly string[],
  toColumn: string | undefined,
  mapping: ReadonlyMap<string, string>,
): Columns {
  const headers = cells.map((cell) => cell.trim());
  const places = new Map<string, number[]>();
  headers.forEach((header, i) => header && places.set(plain(header), [...(places.get(plain(header)) ?? []), i]));
  const there = `The headers are: ${headers.map(shortened).join(', ').slice(0, 500)}`;
  const problems: ErrorDetail[] = [];
  const find = (field: string, header: string): number => {
    const [at, again] = places.get(plain(header)) ?? [];
    if (again !== undefined) throw doubled(headers[again]!);
    if (at === undefined) problems.push({ field, message: `The file has no column "${shortened(header)}". ${there}` });
    return at ?? -1;
  };
  const to = toColumn === undefined ? numberColumn(headers, there) : find('to_column', toColumn);
  for (const name of mapping.keys())
    if (!names.includes(name))
      problems.push({ field: `variables.${shortened(name)}`, message: 'is not a variable of the template' });
  const variables = names.map((name) => ({ name, column: find(`variables.${name}`, mapping.get(name) ?? name) }));
  if (problems.length > 0) throw invalid(problems, 'missing_column');
  return { headers, to, variables, width: Math.max(to, ...variables.map(({ column }) => column)) + 1 };
}

function numberColumn(headers: readonly string[], there: string): number {
  const found = headers.flatMap((header, i) => (NUMBER_HEADERS.has(plain(header)) ? [i] : []));
  if (found.length === 1) return found[0]!;
  const again = found.find((at, i) => i > 0 && plain(headers[at]!) === plain(headers[found[0]!]!));
  if (again !== undefined) throw doubled(headers[again]!);
  const message =
    found.length === 0
      ? `No column looks like phone numbers; name the column. ${there}`
      : `Several columns could hold the numbers (${found.map((i) => headers[i]).join(', ')}); name one of them`;
  throw invalidField('to_column', message, 'missing_column');
}

/** A column that nobody reads may stand there twice. */
function doubled(header: string): ApiError {
  return invalidField('lines.1', `The header names the column "${shortened(header)}" twice`, 'duplicate_header');
}

/** `First_Name` and `first name` are the same header. */
function plain(header: string): string {
  return header
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ');
}

function shortened(header: string): string {
  return header.length > 60 ? `${header.slice(0, 60)}...` : header;
}
