import { type Problem, problem } from '../../../platform/descriptor/problem.ts'
import { namesIn } from '../../../platform/descriptor/templates.ts'
import { errorProblems, knownNames, requestTemplates } from './check-operations.ts'
import { openNames, unknownNames } from './check-proofs.ts'
import type { StatementFile } from './schema-file.ts'
import type { Descriptor } from './schema.ts'

/** A file that can be found, unpacked, and told from half a file. */
export function checkStatement(descriptor: Descriptor): Problem[] {
  const { statement } = descriptor
  if (statement === undefined) return []
  const { answer, file } = statement
  const known = knownNames(descriptor, statement, ['date', 'day'])
  const problems = [
    ...requestTemplates(descriptor, statement, known, '/statement'),
    ...errorProblems(answer, '/statement/answer'),
    ...fileProblems(file),
    ...(file.require ?? []).flatMap(({ equals }, i) =>
      unknownNames(equals, new Set(openNames(descriptor)), `/statement/file/require/${i}/equals`),
    ),
  ]
  if (answer.kind === 'address' && answer.read === undefined) {
    problems.push(missing('/statement/answer/read', 'read'))
  }
  if (answer.kind === 'address' && statement.download === undefined) {
    problems.push(missing('/statement/download', 'download'))
  }
  if (answer.kind === 'field' && answer.contentAt === undefined) {
    problems.push(missing('/statement/answer/contentAt', 'contentAt'))
  }
  if (file.hash !== undefined && answer.read === undefined) {
    problems.push(missing('/statement/answer/read', 'read'))
  }
  return problems
}

function fileProblems(file: StatementFile): Problem[] {
  const at = '/statement/file'
  const { kind, totals, compression } = file
  const problems: Problem[] = []
  if (compression === 'zip' && file.entryContains === undefined) {
    problems.push(missing(`${at}/entryContains`, 'entryContains'))
  }
  if ((kind === 'json') !== (totals.kind === 'object')) {
    problems.push(
      problem(
        `${at}/totals/kind`,
        'totals',
        'json 用 object，其他用 footer 或 comments',
        'a json file has totals of the kind object, any other footer or comments',
      ),
    )
  }
  if (kind === 'json' && file.rowsAt === undefined) problems.push(missing(`${at}/rowsAt`, 'rowsAt'))
  if (totals.kind === 'object' && totals.at === undefined) {
    problems.push(missing(`${at}/totals/at`, 'at'))
  }
  if (totals.kind === 'footer' && file.rowPrefix === undefined) {
    problems.push(missing(`${at}/rowPrefix`, 'rowPrefix'))
  }
  if (
    totals.kind === 'comments' &&
    (file.commentPrefix === undefined || totals.patterns === undefined)
  ) {
    problems.push(missing(`${at}/totals/patterns`, 'commentPrefix, patterns'))
  }
  return [...problems, ...totalProblems(file), ...kindProblems(file)]
}

function totalProblems({ totals }: StatementFile): Problem[] {
  const at = '/statement/file/totals'
  const named = new Set((totals.patterns ?? []).flatMap(namesIn))
  const problems = totals.checks.flatMap(({ total, equals, column }, i) => [
    ...(equals !== 'count' && column === undefined
      ? [missing(`${at}/checks/${i}/column`, 'column')]
      : []),
    ...(totals.kind === 'comments' && !named.has(total)
      ? [
          problem(
            `${at}/checks/${i}/total`,
            'unknown_name',
            `模板里没有 {${total}}`,
            `no pattern names {${total}}`,
          ),
        ]
      : []),
  ])
  for (const wanted of ['count', 'sum'] as const) {
    if (!totals.checks.some(({ equals }) => equals === wanted)) {
      problems.push(
        problem(
          `${at}/checks`,
          'no_check',
          `须核对${wanted === 'count' ? '笔数' : '金额合计'}`,
          `a ${wanted} must be checked: else a cut file passes for a whole one`,
        ),
      )
    }
  }
  return problems
}

function kindProblems({ kinds }: StatementFile): Problem[] {
  const words = [...kinds.charge, ...kinds.return, ...(kinds.ignore ?? [])]
  const twice = words.find((word, i) => words.indexOf(word) !== i)
  return twice === undefined
    ? []
    : [problem('/statement/file/kinds', 'twice', `${twice} 出现两次`, `${twice} stands twice`)]
}

const missing = (pointer: string, name: string): Problem =>
  problem(pointer, 'missing', `缺少 ${name}`, `${name} is missing`)
