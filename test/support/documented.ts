import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Json = Record<string, unknown>;
interface Document {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, { schema: Json }> }> }>>;
  components: { schemas: Record<string, Json> };
}

/** Shared by all files of a Jest worker: the document is the same, and its validators are expensive to compile. */
const shared = globalThis as { documentedAnswers?: Promise<Documented | null> | undefined };

/** Loads the document of the first gateway that has one; the documents of all gateways are the same. */
export async function loadDocument(url: string): Promise<void> {
  shared.documentedAnswers ??= fetch(`${url}/schema/openapi.json`).then(async (answer) =>
    answer.ok ? new Documented((await answer.json()) as Document) : null,
  );
  if (!(await shared.documentedAnswers)) shared.documentedAnswers = undefined;
}

/** @throws when a 2xx answer of a documented route differs from the document, or has a field that the document doesn't name. */
export async function expectDocumented(method: string, path: string, status: number, body: unknown): Promise<void> {
  if (status >= 300) return;
  (await shared.documentedAnswers)?.check(method, path.split('?')[0]!.replace(/^\/sms(?=\/)/, ''), status, body);
}

class Documented {
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, meta: false, validateSchema: false });
  private readonly paths: [path: string, pattern: RegExp][];

  constructor(private readonly document: Document) {
    (addFormats as unknown as (ajv: Ajv2020) => void)(this.ajv);
    this.ajv.addSchema({ $id: 'document', components: closed(document.components) as Json });
    const fixedFirst = Object.keys(document.paths).sort((a, b) => a.split('{').length - b.split('{').length);
    this.paths = fixedFirst.map((path) => [path, new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`)]);
  }

  check(method: string, path: string, status: number, body: unknown): void {
    const found = this.paths.find(([, pattern]) => pattern.test(path))?.[0];
    const operation = found && this.document.paths[found]![method.toLowerCase()];
    if (!operation) return;
    const name = `${method} ${found} ${status}`;
    const validate = this.validators.get(name) ?? this.compile(name, operation.responses[status]);
    if (!validate(body)) {
      const problems = this.ajv.errorsText(validate.errors, { separator: '\n  ' });
      throw new Error(`${name} differs from the document:\n  ${problems}\n${JSON.stringify(body).slice(0, 1000)}`);
    }
  }

  private compile(name: string, response: { content?: Record<string, { schema: Json }> } | undefined) {
    if (!response) throw new Error(`${name} is not documented: add it with @Answers`);
    const schema = response.content?.['application/json']?.schema;
    const validate = this.ajv.compile(
      schema ? (JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"document#/')) as Json) : {},
    );
    this.validators.set(name, validate);
    return validate;
  }
}

/** The document allows further fields, so that answers may grow; here a field that it doesn't name is an error. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner && inner['type'] === 'object' && !('additionalProperties' in inner)
    ? { ...inner, additionalProperties: false }
    : inner;
}
