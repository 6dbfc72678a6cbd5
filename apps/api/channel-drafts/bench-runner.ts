import {
  type BenchResult,
  type Descriptor,
  type RunChecks,
  runBench,
} from '../../../adapters/channels/declarative/index.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { HOUR_MS } from '../../../kernel/time.ts'
import {
  channelChecks,
  type ChannelDrafts,
  type DraftRun,
  type RunKind,
  runChannelCheck,
} from '../../../modules/channels/index.ts'
import type { PayMethod } from '../../../modules/payments/index.ts'
import type { Platform } from '../../../platform/context.ts'
import type { Outgoing } from '../../hub/outgoing.ts'

/** One operation each: an order, the query of it, a refund, a notice, a statement. */
const WALK = ['charge.answer', 'query.confirmed', 'refund.full', 'notice.charge', 'statement.lines']

const checksOf = (kind: RunKind) =>
  kind === 'suite' ? channelChecks : channelChecks.filter(({ id }) => WALK.includes(id))

export const countOf = (kind: RunKind): number => checksOf(kind).length

const TIMEOUT_MS = 10_000
/** Of all checks together: a sandbox that keeps silent would hold up each of them. */
const MOST_MS = HOUR_MS / 2

export type BenchRun = {
  hospitalId: HospitalId
  run: DraftRun
  descriptor: Descriptor
  params: Readonly<Record<string, string>>
}

export type BenchRunner = ReturnType<typeof createBenchRunner>

type Dependencies = Pick<Platform, 'clock' | 'random'> & {
  drafts: ChannelDrafts
  outgoing: Outgoing
  onError: (error: unknown) => void
}

/** Runs drafts against sandboxes beside the requests that asked for it, and writes down each check as it ends. */
export function createBenchRunner(deps: Dependencies) {
  const stopping = new AbortController()
  const runs = new Set<Promise<void>>()
  return {
    start(bench: BenchRun): void {
      const run = runOne(deps, bench, stopping.signal).catch((error: unknown) =>
        deps.onError(error),
      )
      runs.add(run)
      void run.finally(() => runs.delete(run))
    },
    /** What runs is broken off at its next check, and written down as that. */
    async stop(): Promise<void> {
      stopping.abort()
      await Promise.all(runs)
    },
  }
}

async function runOne(deps: Dependencies, bench: BenchRun, signal: AbortSignal): Promise<void> {
  const { hospitalId, run } = bench
  const { outcomes, reason } = await outcomesOf(deps, bench, signal)
  const isWhole = reason === null && outcomes.length === run.count
  const status = !isWhole ? 'broken' : outcomes.includes('failed') ? 'failed' : 'passed'
  await deps.drafts.endRun(hospitalId, run.id, { status, reason })
}

const MOST_REASON = 300

async function outcomesOf(deps: Dependencies, bench: BenchRun, signal: AbortSignal) {
  const { clock, random, outgoing } = deps
  const { descriptor, params, run } = bench
  const written = writerOf(deps, bench)
  const endsAt = clock.now().getTime() + MOST_MS
  const mayGoOn = () => {
    if (signal.aborted) throw new Error('the hub stopped')
    if (written.isLost()) throw new Error('the draft is there no more')
    if (clock.now().getTime() > endsAt) throw new Error('it took too long')
  }
  let reason: string | null = null
  try {
    await runBench({
      descriptor,
      params,
      sandboxUrl: run.sandboxUrl,
      ...(run.method === null ? {} : { method: run.method as PayMethod }),
      clock,
      random,
      timeoutMs: TIMEOUT_MS,
      runChecks: checksRunner(run.kind, mayGoOn),
      outgoing: outgoing.dispatcher,
      onResult: (result) => written.write(result),
    })
  } catch (error) {
    reason = (error instanceof Error ? error.message : String(error)).slice(0, MOST_REASON)
  }
  return { outcomes: await written.all(), reason }
}

const checksRunner =
  (kind: RunKind, mayGoOn: () => void): RunChecks =>
  async (open, onStep) => {
    for (const check of checksOf(kind)) {
      mayGoOn()
      onStep({ at: 'begun' })
      onStep({ at: 'done', result: await runChannelCheck(check, open) })
    }
  }

/** Writes results down in order, without holding up the checks. */
function writerOf({ drafts, onError }: Dependencies, { hospitalId, run }: BenchRun) {
  const outcomes: BenchResult['outcome'][] = []
  let isLost = false
  let writing: Promise<void> = Promise.resolve()
  return {
    write(result: BenchResult): void {
      outcomes.push(result.outcome)
      const check = { position: outcomes.length, result: lasting(result), steps: result.steps }
      writing = writing.then(async () => {
        try {
          if (!(await drafts.addCheck(hospitalId, run.id, check))) isLost = true
        } catch (error) {
          isLost = true
          onError(error)
        }
      })
    },
    isLost: () => isLost,
    async all() {
      await writing
      return isLost ? [] : outcomes
    },
  }
}

/** The result without what belongs to the steps. */
function lasting(result: BenchResult) {
  const { id, title } = result
  switch (result.outcome) {
    case 'passed':
      return { id, title, outcome: result.outcome }
    case 'failed': {
      const { outcome, what, expected, found } = result
      return { id, title, outcome, what, expected, found }
    }
    case 'not_applicable':
      return { id, title, outcome: result.outcome, reason: result.reason }
  }
}
