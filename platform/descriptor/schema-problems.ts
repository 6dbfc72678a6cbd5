import { type Problem, problem } from './problem.ts'

/** What is wrong with the form of a descriptor, in plain words, each at its place; of the errors its schema tells. */
export const schemaProblems = (errors: Iterable<object>): Problem[] =>
  [...errors].flatMap((error) => problemOf(error as SchemaError))

type SchemaError = {
  keyword: string
  instancePath: string
  params: Record<string, unknown>
  message: string
}

function problemOf({ keyword, instancePath: at, params, message }: SchemaError): Problem[] {
  const list = (name: string) => (Array.isArray(params[name]) ? params[name].map(String) : [])
  const limit = typeof params['limit'] === 'number' ? params['limit'] : 0
  switch (keyword) {
    case 'required':
      return list('requiredProperties').map((name) =>
        problem(`${at}/${name}`, 'missing', `缺少 ${name}`, `${name} is missing`),
      )
    case 'boolean': // said with additionalProperties, which names it
      return []
    case 'additionalProperties':
      return list('additionalProperties').map((name) =>
        problem(`${at}/${name}`, 'not_known', `不认识的字段 ${name}`, `${name} is not known here`),
      )
    case 'enum': {
      const allowed = list('allowedValues').join(', ')
      return [problem(at, 'not_a_choice', `只能是：${allowed}`, `must be one of: ${allowed}`)]
    }
    case 'type': {
      const type = String(params['type'])
      return [
        problem(
          at,
          'wrong_type',
          `应为${TYPES[type] ?? type}`,
          `must be ${TYPES_EN[type] ?? type}`,
        ),
      ]
    }
    case 'pattern': {
      const pattern = String(params['pattern'])
      return [problem(at, 'wrong_form', `格式应符合 ${pattern}`, `must fit ${pattern}`)]
    }
    case 'minLength':
      return [problem(at, 'empty', '不能为空', 'must not be empty')]
    case 'maxLength':
      return [
        problem(at, 'too_long', `最长 ${limit} 个字符`, `must have at most ${limit} characters`),
      ]
    case 'minItems':
      return [problem(at, 'too_few', `至少 ${limit} 项`, `must have at least ${limit} items`)]
    case 'maxItems':
      return [problem(at, 'too_many', `至多 ${limit} 项`, `must have at most ${limit} items`)]
    case 'minimum':
      return [problem(at, 'too_small', `不得小于 ${limit}`, `must be at least ${limit}`)]
    case 'maximum':
      return [problem(at, 'too_large', `不得大于 ${limit}`, `must be at most ${limit}`)]
    default:
      return [problem(at, 'invalid', `不合规则：${message}`, message)]
  }
}

const TYPES: Record<string, string> = {
  string: '文本',
  integer: '整数',
  boolean: 'true 或 false',
  object: '对象',
  array: '列表',
}

const TYPES_EN: Record<string, string> = {
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
}
