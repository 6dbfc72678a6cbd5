import { toShanghaiIso } from '../../../kernel/time.ts'
import type { OperationName } from '../interface/operations.ts'
import { type Check, NEEDED_FOR_PAYMENTS } from './check.ts'
import { conformanceChecks } from './checks.ts'
import type { Fixtures } from './fixtures.ts'
import type { HandName } from './hands.ts'
import { CheckFailure, NotPrepared, NotTried, type Words } from './outcome.ts'
import type { Exchanged } from './recorded.ts'
import { type CheckOutcome, type CheckReport, type ConformanceReport, reportOf } from './report.ts'
import { createSession, LACKING, lackingHand, type Session } from './session.ts'
import type { ConformanceDeps, ConformanceSubject } from './subject.ts'

/**
 * Plays the hub against an implementation, one check after the other, and says what it does right.
 *
 * A check that stands on an operation which does not answer is skipped where that operation's own check fails, and
 * fails itself where no other says so: nothing that went wrong is left unsaid.
 * Errors: none of the implementation's; they are results. What `onStep` throws ends the run.
 */
export async function runConformance(
  subject: ConformanceSubject,
  fixtures: Fixtures,
  deps: ConformanceDeps,
  checks: readonly Check[] = conformanceChecks,
): Promise<ConformanceReport> {
  const said: Exchanged[] = []
  const session = createSession(subject, fixtures, deps, (exchanged) => void said.push(exchanged))
  await joinTime(session)
  const startedAt = toShanghaiIso(deps.clock.now())
  const tried: Tried[] = []
  let gate: Check | null = null
  for (const [i, check] of checks.entries()) {
    const at = { id: check.id, number: i + 1, count: checks.length }
    deps.onStep?.({ at: 'begun', ...at, outcome: null })
    said.length = 0
    const lacking = gate === null ? lackingFor(check, subject, deps) : behind(gate)
    const result = lacking ?? (await tryCheck(check, session, said))
    if (check.isGate && result.outcome === 'failed') gate = check
    tried.push({ check, result })
    const outcome = result.outcome === 'blocked' ? 'skipped' : result.outcome
    deps.onStep?.({ at: 'done', ...at, outcome })
  }
  await tidyUp(session)
  const all = tried.map(reportedIn(tried))
  const declared = declaredIn(all, fixtures)
  return reportOf(all.map(withDeclared(declared)), {
    startedAt,
    declared,
    notOffered: notOfferedIn(tried),
    unproven: NEEDED_FOR_PAYMENTS.filter((operation) => !isProven(operation, tried)),
  })
}

type Tried = { check: Check; result: Result }

type Result =
  | (CheckOutcome & { notOffered?: OperationName | null })
  | { outcome: 'blocked'; by: OperationName; failure: CheckOutcome & { outcome: 'failed' } }

const MOST_BEFORE = 8

async function tryCheck(check: Check, session: Session, said: Exchanged[]): Promise<Result> {
  try {
    await check.run(session)
    return { outcome: 'passed' }
  } catch (error) {
    const failed = (what: string, expected: string, found: string) => ({
      outcome: 'failed' as const,
      failure: { what, expected, found, ...lastOf(said) },
    })
    if (error instanceof NotTried) {
      return { outcome: 'skipped', reason: error.reason, notOffered: error.notOffered }
    }
    if (error instanceof CheckFailure) return failed(error.what, error.expected, error.found)
    if (error instanceof NotPrepared) {
      const failure = failed(`to try it, ${error.operation} must answer`, 'OK', error.found)
      return { outcome: 'blocked', by: error.operation, failure }
    }
    const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return failed('the check itself', 'an answer that can be judged', found)
  }
}

function lastOf(said: readonly Exchanged[]) {
  const last = said.at(-1)
  const before = said.slice(Math.max(0, said.length - 1 - MOST_BEFORE), -1)
  return { sent: last ? `${last.operation} ${last.sent}` : '', came: last?.came ?? '', before }
}

/** What the run lacks for a check; null when it can be tried. */
function lackingFor(
  { needs }: Check,
  subject: ConformanceSubject,
  { hands, listener }: ConformanceDeps,
): Result | null {
  for (const need of needs) {
    const reason = lacking(need)
    if (reason) return { outcome: 'skipped', reason }
  }
  return null

  function lacking(need: Check['needs'][number]): Words | null {
    if (need === 'door') return subject.door === null ? LACKING.door : null
    if (need === 'listener') return listener === null ? LACKING.listener : null
    const name: HandName = need
    return hands.offers.has(name) ? null : lackingHand(name)
  }
}

const behind = (gate: Check): Result => ({
  outcome: 'skipped',
  reason: {
    zh: `先要通过 ${gate.id}`,
    en: `${gate.id} must be passed first`,
  },
})

/** A blocked check is another's failure where that one failed, and its own where none did. */
const reportedIn =
  (tried: readonly Tried[]) =>
  ({ check, result }: Tried): CheckReport => {
    const { id, subject, title, paragraph } = check
    const head = { id, subject, title, paragraph }
    if (result.outcome !== 'blocked') {
      const { notOffered: _said, ...outcome } = result as CheckOutcome & { notOffered?: unknown }
      return { ...head, ...outcome }
    }
    const culprit = tried.find(
      (other) => other.check.operation === result.by && other.result.outcome === 'failed',
    )
    if (culprit === undefined) return { ...head, ...result.failure }
    const reason = {
      zh: `${result.by} 未通过（${culprit.check.id}），无法检查`,
      en: `cannot be tried while ${culprit.check.id} fails`,
    }
    return { ...head, outcome: 'skipped', reason }
  }

/** What failed and was said to beforehand. A whole operation cannot be declared away: it stays unproven. */
const declaredIn = (all: readonly CheckReport[], { deviations = [] }: Fixtures) =>
  all.flatMap((report) => {
    const deviation = deviations.find(({ check }) => check === report.id)
    return report.outcome === 'failed' && deviation
      ? [{ ...deviation, failure: report.failure }]
      : []
  })

const withDeclared =
  (declared: ConformanceReport['declared']) =>
  (report: CheckReport): CheckReport => {
    const deviation = declared.find(({ check }) => check === report.id)
    if (!deviation) return report
    const { id, subject, title, paragraph } = report
    const reason = { zh: `已声明的差异：${deviation.reason}`, en: 'a deviation that was declared' }
    return { id, subject, title, paragraph, outcome: 'skipped', reason }
  }

const isProven = (operation: OperationName, tried: readonly Tried[]): boolean =>
  tried.some(({ check, result }) => check.operation === operation && result.outcome === 'passed')

function notOfferedIn(tried: readonly Tried[]): OperationName[] {
  const names = tried.flatMap(({ result }) =>
    result.outcome === 'skipped' && result.notOffered ? [result.notOffered] : [],
  )
  return [...new Set(names)]
}

/** A run before this one may have moved the sandbox's time. One that cannot say what it is goes by ours. */
async function joinTime(session: Session): Promise<void> {
  if (session.offers('time.move')) await session.moveTime(0).catch(() => null)
}

/** Gives the sandbox its slots and bills back. What cannot be given back is left: no check is judged by it. */
async function tidyUp(session: Session): Promise<void> {
  const { his, call, appointments, bills } = session
  for (const appointmentNo of appointments) {
    await his.cancelRegistration(call, { appointmentNo, reason: '测试结束' })
  }
  if (bills.size === 0 || !session.offers('bills.withdraw')) return
  const patient = await session.patient(0).catch(() => null)
  if (patient === null) return
  const open = await his.openBills(call, patient.patientNo)
  for (const { billNo } of open.outcome === 'ok' ? open.data : []) {
    if (bills.has(billNo)) await session.hand('bills.withdraw', { billNo }).catch(() => null)
  }
}
