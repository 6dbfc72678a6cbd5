import { Compile } from 'typebox/compile'

import { readText } from '../../../platform/descriptor/descriptor-text.ts'
import { createExpressions } from '../../../platform/descriptor/expressions.ts'
import { type Problem, problem } from '../../../platform/descriptor/problem.ts'
import { schemaProblems } from '../../../platform/descriptor/schema-problems.ts'
import { namesIn } from '../../../platform/descriptor/templates.ts'
import { type Product, ProductSchema, type Step, type Wire, WIRES } from './schema.ts'

export type ReadProduct =
  | { outcome: 'read'; product: Product }
  | { outcome: 'wrong'; problems: Problem[] }

const Schema = Compile(ProductSchema)
const MAX_PROBLEMS = 200

/** Reads a product descriptor, YAML or JSON: its form, its names, and that every expression can be read. */
export function readProduct(text: string): ReadProduct {
  const { value, problems, placeOf } = readText(text)
  if (problems.length > 0) return { outcome: 'wrong', problems }
  const wrongForm = Schema.Check(value)
    ? wireFormProblems(value as Product)
    : schemaProblems(Schema.Errors(value))
  const found = wrongForm.length > 0 ? wrongForm : meaningProblems(value as Product)
  if (found.length === 0) return { outcome: 'read', product: value as Product }
  const placed = found.map((each) => ({ ...each, ...placeOf(each.pointer) }))
  const inOrder = placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  return { outcome: 'wrong', problems: inOrder.slice(0, MAX_PROBLEMS) }
}

const WireSchemas = {
  http: Compile(WIRES.http),
  soap: Compile(WIRES.soap),
  mllp: Compile(WIRES.mllp),
  folder: Compile(WIRES.folder),
}

const wireFormProblems = ({ wires }: Product): Problem[] =>
  Object.entries(wires).flatMap(([name, wire]) =>
    schemaProblems(WireSchemas[wire.kind].Errors(wire)).map((each) => ({
      ...each,
      pointer: `/wires/${name}${each.pointer}`,
    })),
  )

const meaningProblems = (product: Product): Problem[] => [
  ...twiceNamed(product),
  ...listenProblems(product),
  ...Object.entries(product.wires).flatMap(([name, wire]) => wireProblems(product, name, wire)),
  ...stepsOf(product).flatMap(({ pointer, step }) => stepProblems(product, pointer, step)),
  ...expressionProblems(product),
]

function twiceNamed({ parameters }: Product): Problem[] {
  const names = parameters.map(({ name }) => name)
  return names.flatMap((name, i) =>
    names.indexOf(name) < i
      ? [problem(`/parameters/${i}`, 'twice', `参数 ${name} 重复`, `${name} is there twice`)]
      : [],
  )
}

function listenProblems({ listen, notices, parameters }: Product): Problem[] {
  if (listen === undefined) {
    return notices === undefined
      ? []
      : [
          problem(
            '/notices',
            'no_line',
            '没有接收通知的端口（listen）',
            'there is no line to hear them on',
          ),
        ]
  }
  return parameters.some(({ name, format }) => name === listen.port && format === 'port')
    ? []
    : [
        problem(
          '/listen/port',
          'no_parameter',
          `没有格式为 port 的参数 ${listen.port}`,
          `there is no parameter ${listen.port} of the format port`,
        ),
      ]
}

function wireProblems(product: Product, name: string, wire: Wire): Problem[] {
  const known = new Map(product.parameters.map((parameter) => [parameter.name, parameter.format]))
  const wanted =
    wire.kind === 'folder'
      ? [['folder', wire.folder, ['folder']] as const]
      : wire.kind === 'mllp'
        ? [['host', wire.host, ['host']] as const, ['port', wire.port, ['port']] as const]
        : [['host', wire.host, ['base_url', 'origin']] as const]
  const keys = [
    ...('secretFields' in wire && wire.secretFields
      ? Object.entries(wire.secretFields).map(
          ([field, key]) => [`secretFields/${field}`, key] as const,
        )
      : []),
    ...('sign' in wire && wire.sign ? [['sign/key', wire.sign.key] as const] : []),
    ...('verify' in wire && wire.verify
      ? wire.verify.keys.map(({ key }, i) => [`verify/keys/${i}`, key] as const)
      : []),
  ]
  return [
    ...wanted.flatMap(([field, parameter, formats]) =>
      (formats as readonly string[]).includes(known.get(parameter) ?? '')
        ? []
        : [
            problem(
              `/wires/${name}/${field}`,
              'no_parameter',
              `没有格式为 ${formats.join(' 或 ')} 的参数 ${parameter}`,
              `there is no parameter ${parameter} of the format ${formats.join(' or ')}`,
            ),
          ],
    ),
    ...keys.flatMap(([field, key]) =>
      known.has(key)
        ? []
        : [
            problem(
              `/wires/${name}/${field}`,
              'no_parameter',
              `没有参数 ${key}`,
              `there is no parameter ${key}`,
            ),
          ],
    ),
  ]
}

type Placed = { pointer: string; step: Step; before: readonly string[] }

const stepsOf = (product: Product): Placed[] =>
  Object.entries(product.operations).flatMap(([name, { steps }]) =>
    steps.map((step, i) => ({
      pointer: `/operations/${name}/steps/${i}`,
      step,
      before: steps.slice(0, i).map((each) => each.name),
    })),
  )

function stepProblems(product: Product, pointer: string, step: Step): Problem[] {
  const wire = Object.hasOwn(product.wires, step.wire) ? product.wires[step.wire] : undefined
  if (wire === undefined) {
    return [
      problem(
        `${pointer}/wire`,
        'no_wire',
        `没有线路 ${step.wire}`,
        `there is no wire ${step.wire}`,
      ),
    ]
  }
  if (step.next !== undefined && (wire.kind !== 'http' || wire.method !== 'GET')) {
    return [
      problem(
        `${pointer}/next`,
        'no_pages',
        `线路 ${step.wire} 不是 HTTP GET，无法翻页`,
        `the wire ${step.wire} is no GET over HTTP, and has no pages`,
      ),
    ]
  }
  const given = new Set([
    ...product.parameters.map(({ name }) => name),
    ...Object.keys(step.vars ?? {}),
    'now',
    'nonce',
    'method',
    'signature',
  ])
  // What names a file may also stand in the step's body, as the day of a list does.
  const names = wire.kind === 'folder' && step.body !== undefined ? [] : templatesOf(wire)
  return names
    .flatMap(namesIn)
    .filter((name) => !given.has(name))
    .map((name) =>
      problem(
        `${pointer}/vars`,
        'no_value',
        `线路 ${step.wire} 用到 ${name}，这里没有给`,
        `the wire ${step.wire} names ${name}, which is not given here`,
      ),
    )
}

const templatesOf = (wire: Wire): string[] => {
  switch (wire.kind) {
    case 'http':
      return [wire.path, ...Object.values(wire.headers ?? {})]
    case 'soap':
      return [wire.path, wire.operation, wire.action ?? '', ...Object.values(wire.headers ?? {})]
    case 'folder':
      return [wire.file]
    case 'mllp':
      return []
  }
}

const EXPRESSION_FIELDS = new Set([
  'body',
  'each',
  'when',
  'success',
  'error',
  'refuse',
  'accept',
  'answer',
  'envelope',
  'next',
  'open',
  'read',
  'recall',
  'recallAfter',
  'remember',
])

/** Every expression of the descriptor, wherever it stands. */
function expressionProblems(product: Product): Problem[] {
  const expressions = createExpressions()
  return texts(product, '').flatMap(({ pointer, text }) => {
    const wrong = expressions.problemOf(text)
    if (wrong === null) return []
    const at = wrong.position === null ? '' : ` (${wrong.position})`
    return [
      problem(
        pointer,
        'expression',
        `表达式无法读取：${wrong.reason}${at}`,
        `it cannot be read: ${wrong.reason}${at}`,
      ),
    ]
  })
}

function texts(value: unknown, pointer: string): { pointer: string; text: string }[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inside]) => {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    return typeof inside === 'string' && EXPRESSION_FIELDS.has(name)
      ? [{ pointer: at, text: inside }]
      : texts(inside, at)
  })
}
