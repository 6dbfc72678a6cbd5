import type { Dispatcher } from 'undici'

import { createNewId, type HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import type { Random } from '../../../kernel/random.ts'
import { addMs, type Clock, MINUTE_MS } from '../../../kernel/time.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import type {
  Channel,
  ChargeOrder,
  PayerAction,
  PayMethod,
  RawNotice,
} from '../../../modules/payments/index.ts'
import type { ExplainStep } from '../../../platform/descriptor/explain.ts'
import { isSecret } from '../../../platform/descriptor/params.ts'
import { type Inbox, openInbox, openTroubleServer, type Trouble } from './bench-servers.ts'
import { createDeclarativeChannel } from './channel.ts'
import { methodsOf } from './charges.ts'
import { readDeclarativeParams } from './params.ts'
import { findHands, type SandboxHands } from './sandbox.ts'
import type { Descriptor } from './schema.ts'

/** What the suite of checks for every channel stands on, as modules/channels has it. */
export type SandboxBench = {
  channel: Channel
  method: PayMethod
  clock: Clock
  newOrder(changes?: Partial<ChargeOrder>): ChargeOrder
  pay: ((order: ChargeOrder, action: PayerAction | null) => Promise<void>) | null
  notices: (() => Promise<readonly RawNotice[]>) | null
  trouble: ((kind: Trouble) => void) | null
  endDay: (() => Promise<void>) | null
  books: ((order: ChargeOrder) => Promise<{ takenFen: number; returnedFen: number }>) | null
  close(): Promise<void>
  pass?: (ms: number) => Promise<void>
  secrets?: readonly string[]
  isUnseenBeforePaying?: boolean
}

type Words = { zh: string; en: string }

export type CheckOutcome = { id: string; title: Words } & (
  | { outcome: 'passed' }
  | { outcome: 'failed'; what: string; expected: string; found: string }
  | { outcome: 'not_applicable'; reason: Words }
)

/** The suite itself, handed in: runChannelChecks of modules/channels. */
export type RunChecks = (
  open: () => Promise<SandboxBench>,
  onStep: (step: { at: 'begun' } | { at: 'done'; result: CheckOutcome }) => void,
) => Promise<unknown>

/** A check with every step of every call that was made for it, secrets masked. */
export type BenchResult = CheckOutcome & { steps: ExplainStep[] }

export type BenchRequest = {
  descriptor: Descriptor
  /** The hospital's contract with the sandbox. Hosts and the address of the notices are set by the bench. */
  params: Readonly<Record<string, string>>
  /** Scheme and host. */
  sandboxUrl: string
  /** One of the descriptor's; the first unless told. */
  method?: PayMethod
  clock: Clock
  random: Random
  timeoutMs: number
  runChecks: RunChecks
  /** Makes every connection to the sandbox and to where it says files lie, where not every address may be called. */
  outgoing?: Dispatcher
  onResult?: (result: BenchResult) => void
}

/**
 * Runs the suite every channel must pass against a provider's sandbox, before a hospital uses the channel.
 *
 * What only a payer or a night can do is left out where the sandbox has no controls for it. Errors: AppError
 * 'declarative.params_invalid' for params that do not fit; never one of a check's.
 */
export async function runBench(bench: BenchRequest): Promise<BenchResult[]> {
  const { descriptor, runChecks, onResult } = bench
  const { status, contentType, body } = descriptor.notice?.reply ?? NO_REPLY
  const hands = await findHands(bench.sandboxUrl, bench.clock, bench.outgoing)
  const wall = await openTroubleServer(bench.sandboxUrl, bench.outgoing)
  const inbox = await openInbox({ status, contentType, body })
  const results: BenchResult[] = []
  let steps: ExplainStep[] = []
  try {
    const params = sandboxParams(bench, wall.url, inbox.url)
    const parts = {
      hands,
      wall,
      inbox,
      params,
      explain: (step: ExplainStep) => void steps.push(step),
    }
    await runChecks(
      async () => {
        // A sandbox remembers: on a day of its own a check finds only what it did itself.
        await hands?.endDay()
        return openBench(bench, parts)
      },
      (step) => {
        if (step.at === 'begun') {
          steps = []
          return
        }
        const result = { ...step.result, steps }
        results.push(result)
        onResult?.(result)
      },
    )
    return results
  } finally {
    await wall.close()
    await inbox.close()
  }
}

const NO_REPLY = { status: 204, contentType: 'text/plain', body: '' } as const

function sandboxParams(
  { descriptor, params }: BenchRequest,
  wallUrl: string,
  inboxUrl: string,
): Readonly<Record<string, string>> {
  const set = new Map(descriptor.hosts.map((name) => [name, wallUrl]))
  for (const { name, format } of descriptor.parameters) {
    if (format === 'notify_url') set.set(name, `${inboxUrl}/notices`)
  }
  return readDeclarativeParams(descriptor, { ...params, ...Object.fromEntries(set) })
}

function openBench(
  { descriptor, method, clock, random, timeoutMs, sandboxUrl, outgoing }: BenchRequest,
  parts: Parts,
): SandboxBench {
  const { hands, wall, inbox, params, explain } = parts
  const time = hands?.clock ?? clock
  const deps = {
    clock: time,
    random,
    timeoutMs,
    explain,
    behind: [sandboxUrl],
    outgoing: (origin: string) => (origin === wall.url ? undefined : outgoing),
  }
  const chosen = method ?? methodsOf({ descriptor })[0] ?? 'qr_code'
  inbox.received.length = 0
  const secrets = descriptor.parameters.filter(isSecret).flatMap(({ name }) => params[name] ?? [])
  return {
    channel: createDeclarativeChannel(descriptor, params, deps),
    method: chosen,
    clock: time,
    newOrder: orderMaker(time, random, chosen),
    pay: hands === null ? null : ({ tradeNo }) => hands.pay(tradeNo),
    notices: hands === null || descriptor.notice === undefined ? null : () => heard(inbox, hands),
    trouble: (kind) => wall.strike(kind),
    endDay: hands === null || descriptor.statement === undefined ? null : () => hands.endDay(),
    books: hands === null ? null : ({ tradeNo }) => hands.books(tradeNo),
    close: () => Promise.resolve(),
    ...(hands === null ? {} : { pass: (ms: number) => hands.pass(ms) }),
    secrets,
    isUnseenBeforePaying: descriptor.release.whenAbsent !== undefined,
  }
}

async function heard(inbox: Inbox, hands: SandboxHands): Promise<RawNotice[]> {
  await hands.pass(0)
  return inbox.received.map((notice) => ({ ...notice, hospitalId: HOSPITAL }))
}

const HOSPITAL = 1 as HospitalId
const ORDER_LIFE_MS = 15 * MINUTE_MS

function orderMaker(clock: Clock, random: Random, method: PayMethod) {
  const newId = createNewId(clock, random)
  return (changes: Partial<ChargeOrder> = {}): ChargeOrder => {
    const tenderId = newId<'Tender'>()
    const amountFen = changes.amountFen ?? fen(12_345)
    const createdAt = clock.now()
    return {
      hospitalId: HOSPITAL,
      paymentId: newId<'Payment'>(),
      tenderId,
      tradeNo: tradeNoOf(HOSPITAL, tenderId),
      amountFen,
      parts: [{ kind: 'self_pay', amountFen }],
      quoteReference: null,
      description: '门诊费用 测试 MZ20261121001',
      payerAccount: null,
      method,
      presence: null,
      createdAt,
      expiresAt: addMs(createdAt, ORDER_LIFE_MS),
      ...changes,
    }
  }
}

type Parts = {
  hands: SandboxHands | null
  wall: Awaited<ReturnType<typeof openTroubleServer>>
  inbox: Inbox
  params: Readonly<Record<string, string>>
  explain: (step: ExplainStep) => void
}
