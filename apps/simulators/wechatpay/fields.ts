import { ApiError, type ErrorName } from './api-error.ts'

/** What a field of a request may hold. Lengths count characters. */
export type Rule = { required?: true } & (
  | { type: 'string'; min?: number; max: number; pattern?: RegExp }
  | { type: 'integer'; min: number }
  | { type: 'boolean' }
  | { type: 'object'; fields: Record<string, Rule> }
  | { type: 'array'; max: number; item: Rule }
)

/**
 * Holds a body against its rule. Throws the protocol's refusal of the first mistake: a parameter
 * nobody defined, one that is missing, of another type, or out of its range.
 */
export function checkFields(value: unknown, rule: Rule, pointer = ''): void {
  switch (rule.type) {
    case 'string':
      return checkString(value, rule, pointer)
    case 'integer':
      if (!Number.isSafeInteger(value)) throw mistake('bad_parameter', pointer, value, '应为整数')
      if ((value as number) < rule.min) {
        throw mistake('out_of_range', pointer, value, `不得小于 ${rule.min}`)
      }
      return
    case 'boolean':
      if (typeof value !== 'boolean') {
        throw mistake('bad_parameter', pointer, value, '应为 true 或 false')
      }
      return
    case 'array':
      if (!Array.isArray(value)) throw mistake('bad_parameter', pointer, value, '应为数组')
      if (value.length > rule.max) {
        throw mistake('out_of_range', pointer, value, `最多 ${rule.max} 项`)
      }
      return value.forEach((item, i) => checkFields(item, rule.item, `${pointer}/${i}`))
    case 'object':
      return checkObject(value, rule.fields, pointer)
  }
}

function checkObject(value: unknown, fields: Record<string, Rule>, pointer: string) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mistake('bad_parameter', pointer, value, '应为对象')
  }
  for (const [name, held] of Object.entries(value)) {
    if (Object.hasOwn(fields, name)) continue
    throw mistake('unknown_parameter', `${pointer}/${name.slice(0, 64)}`, held, '未定义的参数')
  }
  for (const [name, rule] of Object.entries(fields)) {
    const held: unknown = (value as Record<string, unknown>)[name]
    if (held !== undefined) checkFields(held, rule, `${pointer}/${name}`)
    else if (rule.required) throw mistake(missing(name), `${pointer}/${name}`, held, '缺少必填参数')
  }
}

/** The one parameter whose absence the protocol has a number of its own for. */
const missing = (name: string): ErrorName =>
  name === 'openid' ? 'openid_missing' : 'bad_parameter'

function checkString(
  value: unknown,
  rule: { min?: number; max: number; pattern?: RegExp },
  pointer: string,
) {
  if (typeof value !== 'string') throw mistake('bad_parameter', pointer, value, '应为字符串')
  const length = Array.from(value).length
  const min = rule.min ?? 1
  if (length < min || length > rule.max) {
    throw mistake('out_of_range', pointer, value, `长度应为 ${min} 到 ${rule.max}`)
  }
  // No field is for control characters, and half a surrogate pair is no text.
  if (/[\p{Cc}\p{Cs}]/u.test(value) || (rule.pattern && !rule.pattern.test(value))) {
    throw mistake('bad_parameter', pointer, value, '格式不正确')
  }
}

/** A refusal that names the field. Objects are not repeated: they may be deep and long. */
export function mistake(name: ErrorName, field: string, value: unknown, issue: string): ApiError {
  const shown = isPlain(value) ? String(value).slice(0, 128) : ''
  return new ApiError(name, undefined, { field, value: shown, issue, location: 'body' })
}

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

/** A number of the merchant's or of WeChat's that stands in the path. */
export function readPathNumber(params: Record<string, string>, name: string): string {
  const value = params[name] ?? ''
  if (/^[0-9A-Za-z_\-|*@]{1,64}$/.test(value)) return value
  throw new ApiError('bad_parameter', undefined, {
    field: name,
    value: value.slice(0, 128),
    issue: '格式不正确',
    location: 'url',
  })
}

/** Reads a query string of which every name is known and stands once. */
export function readQuery<Name extends string>(
  target: string,
  rules: Record<Name, { required: boolean; pattern: RegExp }>,
): Record<Name, string | null> {
  const given = new URL(target, 'http://localhost').searchParams
  const wrong = (name: string, issue: string, error: ErrorName = 'bad_parameter') =>
    new ApiError(error, undefined, {
      field: name.slice(0, 64),
      value: (given.get(name) ?? '').slice(0, 128),
      issue,
      location: 'query',
    })
  for (const name of given.keys()) {
    if (!Object.hasOwn(rules, name)) throw wrong(name, '未定义的参数', 'unknown_parameter')
    if (given.getAll(name).length > 1) throw wrong(name, '参数重复')
  }
  const names = Object.keys(rules) as Name[]
  for (const name of names) {
    const value = given.get(name)
    if (value === null && rules[name].required) throw wrong(name, '缺少必填参数')
    if (value !== null && !rules[name].pattern.test(value)) throw wrong(name, '格式不正确')
  }
  return Object.fromEntries(names.map((name) => [name, given.get(name)])) as never
}

/** The same text for the same content, whatever the order of the keys. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${pairs.map(([name, held]) => `${JSON.stringify(name)}:${canonicalJson(held)}`).join(',')}}`
}
