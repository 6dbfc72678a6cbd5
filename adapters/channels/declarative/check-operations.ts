import { type Problem, problem } from '../../../platform/descriptor/problem.ts'
import { openNames, unknownNames } from './check-proofs.ts'
import { operationsOf } from './operations.ts'
import type { AnswerDescription, Descriptor, ErrorRow, RequestDescription } from './schema.ts'
import type { OperationName } from './vocabulary.ts'

/** Every operation there, every template filled, and every end of an operation reachable by its tables. */
export function checkOperations(descriptor: Descriptor): Problem[] {
  const problems: Problem[] = []
  if (Object.keys(descriptor.charge).length === 0) {
    problems.push(
      problem('/charge', 'no_method', '至少一种支付方式', 'there must be at least one method'),
    )
  }
  for (const { name, pointer, description } of operationsOf(descriptor)) {
    problems.push(
      ...templateProblems(descriptor, name, description, pointer),
      ...reachProblems(name, description.answer, pointer),
      ...errorProblems(description.answer, `${pointer}/answer`),
    )
  }
  const { notice, release } = descriptor
  if (release.whenAbsent !== undefined && release.askFirst !== true) {
    problems.push(
      problem(
        '/release/askFirst',
        'missing',
        '有 whenAbsent 就要先查询',
        'whenAbsent needs askFirst: without asking nothing is known to be absent',
      ),
    )
  }
  if (notice !== undefined && !Object.values(notice.events).includes('charge')) {
    problems.push(
      problem('/notice/events', 'no_event', '没有收款事件', 'no event is about a charge'),
    )
  }
  return problems
}

const SUBJECT_NAMES: Record<OperationName, readonly string[]> = {
  charge: ['tradeNo'],
  query: ['tradeNo'],
  release: ['tradeNo'],
  refund: ['tradeNo', 'refundNo', 'chargeProviderNo'],
  queryRefund: ['tradeNo', 'refundNo', 'chargeProviderNo'],
}

function templateProblems(
  descriptor: Descriptor,
  name: OperationName,
  description: RequestDescription,
  pointer: string,
): Problem[] {
  const known = knownNames(descriptor, description, SUBJECT_NAMES[name])
  return requestTemplates(descriptor, description, known, pointer)
}

export const knownNames = (
  descriptor: Descriptor,
  { vars = {} }: RequestDescription,
  subject: readonly string[],
): Set<string> =>
  new Set([
    ...openNames(descriptor),
    ...Object.keys(vars),
    ...subject,
    'timestamp',
    'nonce',
    'method',
  ])

/** The templates of one request, those of the wire included, as they are filled for it. */
export function requestTemplates(
  { wire }: Descriptor,
  description: RequestDescription,
  known: ReadonlySet<string>,
  pointer: string,
): Problem[] {
  const signing = new Set([...known, 'path', 'body', 'bodySha256'])
  return [
    ...unknownNames(description.path, known, `${pointer}/path`),
    ...Object.entries(description.headers ?? {}).flatMap(([header, template]) =>
      unknownNames(template, known, `${pointer}/headers/${header}`),
    ),
    ...Object.entries(wire.headers ?? {}).flatMap(([header, template]) =>
      unknownNames(template, known, `/wire/headers/${header}`),
    ),
    ...unknownNames(wire.sign?.content.template, signing, '/wire/sign/content/template'),
    ...unknownNames(wire.sign?.template, new Set([...signing, 'signature']), '/wire/sign/template'),
  ]
}

/** What an operation must be able to end with, one of each row, or it never ends. */
const ENDS: Record<OperationName, readonly (readonly string[])[]> = {
  charge: [['pending', 'confirmed', 'ask']],
  query: [['confirmed'], ['absent']],
  release: [['released', 'ask']],
  refund: [['confirmed', 'pending', 'ask']],
  queryRefund: [['confirmed'], ['absent']],
}

function reachProblems(name: OperationName, answer: AnswerDescription, pointer: string): Problem[] {
  const reached = new Set([
    ...Object.values(answer.states ?? {}),
    ...(answer.errors ?? []).map(({ means }) => means),
  ])
  return ENDS[name]
    .filter((ends) => !ends.some((end) => reached.has(end)))
    .map((ends) => {
      const words = ends.join(' / ')
      return problem(
        `${pointer}/answer`,
        'never_ends',
        `没有任何状态或错误对应 ${words}`,
        `no state and no error means ${words}`,
      )
    })
}

export function errorProblems(
  { error, errors }: { error?: string; errors?: ErrorRow[] },
  at: string,
): Problem[] {
  const usesWords = (errors ?? []).some(({ code, detail }) => code ?? detail)
  return usesWords && error === undefined
    ? [
        problem(
          `${at}/error`,
          'missing',
          '有错误码表就要有 error',
          'error codes are named, but error does not say where they stand',
        ),
      ]
    : []
}
