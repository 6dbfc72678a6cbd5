import { randomHex } from '../../../kernel/random.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import {
  type Ask,
  createHospitalSystem,
  type HisAnswer,
  type HisCall,
  type HospitalSystem,
  type OperationName,
  type Question,
  redact,
} from '../../../modules/hospitals/index.ts'
import { createMask } from '../../../platform/descriptor/explain.ts'
import { createExpressions } from '../../../platform/descriptor/expressions.ts'
import { type Params, toAccount } from '../../../platform/descriptor/params.ts'
import {
  type Asked,
  type Context,
  type DescribedDeps,
  evaluated,
  type Heard,
  NotMade,
} from './context.ts'
import type { Described, Product, Step } from './schema.ts'
import { refusedBy, takeStep, type Told, unknown } from './step.ts'
import { createWholeDays, isWholeDay } from './whole-days.ts'

/** What one hospital adds to its product. */
export type HospitalWords = {
  params: Params
  /** Its own words in the product's code tables, by table: they stand before the product's. */
  codes: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const EXPRESSION_MS = 1_000
const MAX_OUTPUT_CHARACTERS = 4_194_304
const AT_ONCE = 16

/**
 * A hospital's system, of the description of what it speaks. Errors: none for what comes from outside; whatever no
 * table of the product names, and whatever cannot be read, is 'unknown'; an operation that is not described is refused
 * with 'not_supported'. At most so many calls as the product allows are under way at once; more are not begun.
 */
export const createDescribedHospital = (
  product: Product,
  words: HospitalWords,
  deps: DescribedDeps,
): HospitalSystem => {
  const { around = (ask: Ask) => ask } = deps
  return createHospitalSystem(around(askOver(contextOf(product, words, deps))))
}

/** How each operation is asked, for who wants to see the answer in the words of the contract. */
export const describedAsk = (product: Product, words: HospitalWords, deps: DescribedDeps): Ask =>
  askOver(contextOf(product, words, deps))

function contextOf(
  product: Product,
  { params, codes }: HospitalWords,
  deps: DescribedDeps,
): Context {
  const account = toAccount(product.parameters, params)
  const tables = Object.entries(product.codes ?? {}).map(([table, shipped]) => [
    table,
    { ...shipped, ...codes[table] },
  ])
  return {
    product,
    account,
    expressions: createExpressions(
      product.limits?.expressionMs ?? EXPRESSION_MS,
      MAX_OUTPUT_CHARACTERS,
    ),
    mask: createMask(undefined, account.secrets),
    shown: new Set(product.shown),
    codes: Object.fromEntries(tables) as Context['codes'],
    deps,
  }
}

function askOver(context: Context): Ask {
  const { product, deps } = context
  const days = createWholeDays(deps.clock)
  const atOnce = product.limits?.atOnce ?? AT_ONCE
  let underWay = 0
  return async <T>(call: HisCall, question: Question<T>): Promise<HisAnswer<T>> => {
    const described = product.operations[question.name]
    if (described === undefined) return notSupported(question.name)
    if (underWay >= atOnce) return unknown('too many calls are under way, nothing was sent')
    underWay += 1
    try {
      return await answerTo(context, call, question, described, days)
    } finally {
      underWay -= 1
    }
  }
}

const notSupported = (name: OperationName): HisAnswer<never> => ({
  outcome: 'refused',
  code: 'not_supported',
  detail: { message: `${name} is not offered by this system` },
})

async function answerTo<T>(
  context: Context,
  call: HisCall,
  { name, body, read, secrets = [] }: Question<T>,
  described: Described,
  days: ReturnType<typeof createWholeDays>,
): Promise<HisAnswer<T>> {
  const { deps } = context
  const asked: Asked = {
    operation: name,
    asked: body,
    secrets,
    call: { now: toShanghaiIso(deps.clock.now()), nonce: randomHex(deps.random, 16) },
    recalled: {},
    steps: {},
  }
  const said = isWholeDay(name)
    ? await days.page(body, () => takeAll(context, call, described, asked))
    : await takeAll(context, call, described, asked)
  if (said.outcome !== 'answered') return said
  const data = read(said.body)
  deps.explain?.({
    operation: name,
    step: 'result',
    fields: {
      answer: context.mask.document(said.body),
      problem: 'problem' in data ? data.problem : '',
    },
  })
  return 'value' in data ? { outcome: 'ok', data: data.value } : unknown(data.problem)
}

type Said = Exclude<Told, { outcome: 'none' }>

/** Takes the steps of an operation one after the other, and makes the answer of what they brought. */
async function takeAll(
  context: Context,
  call: HisCall,
  described: Described,
  asked: Asked,
): Promise<Said> {
  try {
    const recalled = await recalledBy(context, described.recall, asked)
    return await takeKnowing(context, call, described, { ...asked, recalled })
  } catch (error) {
    if (!(error instanceof NotMade)) throw error
    return unknown(`the answer cannot be made: ${error.message}`)
  }
}

async function recalledBy(
  context: Context,
  expression: string | undefined,
  asked: Asked,
): Promise<Record<string, unknown>> {
  if (expression === undefined) return {}
  const place = { operation: asked.operation, step: 'mapping' } as const
  const input = { ...asked, params: context.account.open }
  const names = listOf(evaluated(context, place, expression, input)).map(String)
  return context.deps.memory.recall(names)
}

async function takeKnowing(
  context: Context,
  call: HisCall,
  described: Described,
  asked: Asked,
): Promise<Said> {
  const known = { ...asked, params: context.account.open, codes: context.codes }
  const refused = refusedBy(context, described.refuse, known)
  if (refused !== null && refused.outcome !== 'none') return refused
  for (const step of described.steps) {
    const ended = await takeOne(context, call, step, asked)
    if (ended !== null) return ended
  }
  const found = await recalledBy(context, described.recallAfter, asked)
  const input = { ...known, recalled: { ...asked.recalled, ...found } }
  const place = { operation: asked.operation, step: 'reading' } as const
  const answer = evaluated(context, place, described.answer, input)
  if (described.remember !== undefined) {
    const values = evaluated(context, place, described.remember, { ...input, answer })
    await context.deps.memory.remember((values ?? {}) as Record<string, unknown>)
  }
  return { outcome: 'answered', body: answer }
}

const MAX_ITEMS = 100

/** Null when the operation goes on; what the step brought stands in `asked.steps` then. */
async function takeOne(
  context: Context,
  call: HisCall,
  step: Step,
  asked: Asked,
): Promise<Said | null> {
  const place = { operation: asked.operation, step: 'mapping' } as const
  const input = { ...asked, params: context.account.open, codes: context.codes }
  if (step.when !== undefined && evaluated(context, place, step.when, input) !== true) {
    asked.steps[step.name] = null
    return null
  }
  const items =
    step.each === undefined ? [null] : listOf(evaluated(context, place, step.each, input))
  if (items.length > MAX_ITEMS) return unknown(`more than ${MAX_ITEMS} to ask for`)
  const answers: unknown[] = []
  for (const item of items) {
    const told = await traced(context, call, step, asked, item)
    if (told.outcome === 'refused' || told.outcome === 'unknown') return told
    answers.push(told.outcome === 'none' ? null : told.body)
  }
  asked.steps[step.name] = step.each === undefined ? answers[0] : answers
  return null
}

const listOf = (value: unknown): unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]

async function traced(
  context: Context,
  call: HisCall,
  step: Step,
  asked: Asked,
  item: unknown,
): Promise<Told> {
  const { deps, shown } = context
  const startedAt = deps.clock.now()
  const { told, heard } = await takeStep(context, step, asked, item)
  const secrets = [...asked.secrets, ...context.account.secrets]
  call.trace({
    system: 'his',
    operation: `${asked.operation} (${step.name})`,
    direction: 'out',
    request: redact(heard?.sent ?? null, secrets, shown),
    response: responseText(heard, secrets, shown),
    outcome: outcomeText(told),
    startedAt,
    durationMs: Math.max(0, deps.clock.now().getTime() - startedAt.getTime()),
  })
  return told
}

const responseText = (
  heard: Heard | null,
  secrets: readonly string[],
  shown: ReadonlySet<string>,
): string =>
  heard?.kind === 'heard' ? `status ${heard.status} ${redact(heard.body, secrets, shown)}` : ''

function outcomeText(told: Told): string {
  switch (told.outcome) {
    case 'answered':
      return 'ok'
    case 'none':
      return 'none'
    case 'refused':
      return told.code
    case 'unknown':
      return `unknown: ${told.reason}`
  }
}
