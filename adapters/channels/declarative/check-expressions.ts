import { createExpressions, type Expressions } from '../../../platform/descriptor/expressions.ts'
import { isSecret } from '../../../platform/descriptor/params.ts'
import { type Problem, problem } from '../../../platform/descriptor/problem.ts'
import { operationsOf } from './operations.ts'
import { SAMPLE_CALL, SAMPLE_ORDER, SAMPLE_REFUND, SAMPLE_STATEMENT } from './samples.ts'
import type { Descriptor, RequestDescription } from './schema.ts'

/** Every expression can be read, names parameters that are there, and makes a request of sample orders. */
export function checkExpressions(descriptor: Descriptor): Problem[] {
  const expressions = createExpressions(descriptor.limits.expressionMs)
  const unreadable = expressionsOf(descriptor).flatMap(({ pointer, text }) =>
    textProblems(descriptor, expressions, pointer, text),
  )
  return unreadable.length > 0 ? unreadable : sampleProblems(descriptor, expressions)
}

type Found = { pointer: string; text: string }

function expressionsOf(descriptor: Descriptor): Found[] {
  const { wire, notice, statement } = descriptor
  const found: { pointer: string; text: string | undefined }[] = [
    { pointer: '/wire/envelope', text: wire.envelope },
    { pointer: '/notice/read', text: notice?.read },
    { pointer: '/statement/body', text: statement?.body },
    { pointer: '/statement/answer/success', text: statement?.answer.success },
    { pointer: '/statement/answer/read', text: statement?.answer.read },
    { pointer: '/statement/answer/error', text: statement?.answer.error },
    ...operationsOf(descriptor).flatMap(({ pointer, description: { body, answer } }) => [
      { pointer: `${pointer}/body`, text: body },
      { pointer: `${pointer}/answer/success`, text: answer.success },
      { pointer: `${pointer}/answer/read`, text: answer.read },
      { pointer: `${pointer}/answer/error`, text: answer.error },
    ]),
  ]
  return found.filter((each): each is Found => each.text !== undefined)
}

const FORBIDDEN = /\$(now|millis|random|shuffle|eval|pad)\b/

function textProblems(
  descriptor: Descriptor,
  expressions: Expressions,
  pointer: string,
  text: string,
): Problem[] {
  const wrong = expressions.problemOf(text)
  if (wrong !== null) {
    const where = wrong.position === null ? '' : ` (${wrong.position})`
    return [
      problem(
        pointer,
        'no_expression',
        `表达式有误${where}：${wrong.reason}`,
        `the expression cannot be read${where}: ${wrong.reason}`,
      ),
    ]
  }
  const forbidden = FORBIDDEN.exec(text)?.[0]
  const problems =
    forbidden === undefined
      ? []
      : [
          problem(
            pointer,
            'not_allowed',
            `不能使用 ${forbidden}`,
            `${forbidden} may not be used: a request must be the same at every try`,
          ),
        ]
  for (const [, name = ''] of text.matchAll(/\bparams\.([A-Za-z]\w*)/g)) {
    const parameter = descriptor.parameters.find((each) => each.name === name)
    if (parameter === undefined) {
      problems.push(
        problem(pointer, 'no_parameter', `没有参数 ${name}`, `there is no parameter ${name}`),
      )
    } else if (isSecret(parameter)) {
      problems.push(
        problem(
          pointer,
          'secret',
          `${name} 是密钥，表达式不能使用`,
          `${name} is secret, no expression sees it`,
        ),
      )
    }
  }
  return problems
}

/** What cannot be made of a sample cannot be made of an order. */
function sampleProblems(descriptor: Descriptor, expressions: Expressions): Problem[] {
  const params = Object.fromEntries(
    descriptor.parameters
      .filter((parameter) => !isSecret(parameter))
      .map(({ name, example }) => [name, example ?? 'sample']),
  )
  const subject = { order: SAMPLE_ORDER, refund: SAMPLE_REFUND, statement: SAMPLE_STATEMENT }
  const requests: { pointer: string; description: RequestDescription }[] = [
    ...operationsOf(descriptor),
    ...(descriptor.statement ? [{ pointer: '/statement', description: descriptor.statement }] : []),
  ]
  return requests.flatMap(({ pointer, description }) => {
    const input = { params, vars: description.vars ?? {}, call: SAMPLE_CALL, ...subject }
    const body =
      description.body === undefined
        ? { ok: true as const, value: {} }
        : expressions.evaluate(description.body, input)
    const wrong = wrongBody(body)
    if (wrong !== null) return [unmade(`${pointer}/body`, wrong)]
    const { envelope } = descriptor.wire
    if (
      envelope === undefined ||
      !body.ok ||
      (description.body === undefined && description.method === 'GET')
    )
      return []
    const sealed = { ciphertext: 'c2FtcGxl', nonce: 'c2FtcGxl' }
    const whole = expressions.evaluate(envelope, { ...input, body: body.value, sealed })
    const wrongEnvelope = wrongBody(whole)
    return wrongEnvelope === null ? [] : [unmade('/wire/envelope', `${pointer}: ${wrongEnvelope}`)]
  })
}

function wrongBody(result: ReturnType<Expressions['evaluate']>): string | null {
  if (!result.ok) return result.reason
  return typeof result.value === 'object' && result.value !== null ? null : 'it gives no object'
}

const unmade = (pointer: string, reason: string): Problem =>
  problem(
    pointer,
    'cannot_be_made',
    `用示例订单生成请求失败：${reason}`,
    `no request can be made of a sample order: ${reason}`,
  )
