import { createExpressions } from '../../../platform/descriptor/expressions.ts'
import { isSecret } from '../../../platform/descriptor/params.ts'
import { type Problem, problem } from '../../../platform/descriptor/problem.ts'
import type { Descriptor } from './schema.ts'

/** Names that templates and expressions give a meaning of their own. */
const RESERVED = new Set([
  'timestamp',
  'nonce',
  'method',
  'path',
  'body',
  'bodySha256',
  'signature',
  'tradeNo',
  'refundNo',
  'chargeProviderNo',
  'date',
  'day',
  'requestNonce',
  'requestTimestamp',
  'status',
])

const SECRET_BY_NATURE = /private_key|^key_/

export function checkParameters({ parameters, hosts, limits, notice }: Descriptor): Problem[] {
  const problems: Problem[] = []
  const add = (pointer: string, code: string, zh: string, en: string) =>
    problems.push(problem(pointer, code, zh, en))
  const expressions = createExpressions()
  for (const [i, parameter] of parameters.entries()) {
    const { name, pattern, secret, format, optional } = parameter
    const at = `/parameters/${i}`
    if (parameters.findIndex((other) => other.name === name) !== i) {
      add(`${at}/name`, 'twice', `参数 ${name} 出现两次`, `the parameter ${name} stands twice`)
    }
    if (RESERVED.has(name)) {
      add(`${at}/name`, 'reserved', `${name} 是保留名`, `${name} is a reserved name`)
    }
    if (secret === false && SECRET_BY_NATURE.test(format)) {
      add(`${at}/secret`, 'must_be_secret', '密钥必须保密', 'a key is always secret')
    }
    if (pattern !== undefined && !isPattern(pattern)) {
      add(`${at}/pattern`, 'no_pattern', '不是正则表达式', 'is no regular expression')
    }
    if (pattern !== undefined && parameter.example !== undefined && isPattern(pattern)) {
      if (!expressions.fits(pattern, parameter.example)) {
        add(`${at}/example`, 'example', '示例不符合格式', 'the example does not fit the pattern')
      }
    }
    if (isSecret(parameter) && parameter.example !== undefined) {
      add(`${at}/example`, 'example', '密钥不应有示例', 'a secret has no example')
    }
    if (format === 'notify_url' && optional) {
      add(
        `${at}/optional`,
        'must_be_given',
        '通知地址必填',
        'the address of the notices must be given',
      )
    }
  }
  for (const [i, name] of hosts.entries()) {
    const parameter = parameters.find((each) => each.name === name)
    if (parameter?.format !== 'origin') {
      add(
        `/hosts/${i}`,
        'no_origin',
        `${name} 不是 origin 参数`,
        `${name} is no parameter of format origin`,
      )
    } else if (i === 0 && parameter.optional) {
      add(`/hosts/${i}`, 'must_be_given', '首选地址必填', 'the first host must be given')
    }
  }
  if (limits.amountMinFen > limits.amountMaxFen) {
    add('/limits/amountMinFen', 'limits', '下限高于上限', 'the least amount is above the most')
  }
  if (notice !== undefined && !parameters.some(({ format }) => format === 'notify_url')) {
    add(
      '/notice',
      'no_notify_url',
      '缺少 notify_url 参数',
      'no parameter of format notify_url says where notices go',
    )
  }
  return problems
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}
