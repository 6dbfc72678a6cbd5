import type { FinanceDay, Payment } from '../../../contract/client.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { fen, formatYuan } from '../../../kernel/money.ts'
import type { InvariantResult } from '../invariants/index.ts'
import type { BookPair } from './books.ts'
import type { DifferenceCount } from './gather.ts'
import type { Shares } from './shares.ts'
import type { Tally } from './tally.ts'

/** All that a simulated day comes to. Nothing in it hangs on ids, real time or the machine. */
export type SimulationReport = {
  seed: string
  patients: number
  days: number
  faults: string
  channels: string
  shares: Shares
  visits: number
  bills: number
  payments: { state: string; count: number; totalFen: number }[]
  tenders: { provider: string; part: string; chargedFen: number; returnedFen: number }[]
  refunds: { cause: string; status: string; count: number; amountFen: number }[]
  refusals: { code: string; count: number }[]
  differences: DifferenceCount[]
  openCases: { class: string; count: number }[]
  reconciliation: { hospitalId: number; date: string; status: string }[]
  books: BookPair[]
  invariants: InvariantResult[]
  violations: string[]
}

export function reportOf(input: {
  options: Pick<SimulationReport, 'seed' | 'patients' | 'days' | 'faults' | 'channels' | 'shares'>
  tally: Tally
  payments: readonly Payment[]
  days: ReadonlyMap<HospitalId, readonly FinanceDay[]>
  differences: DifferenceCount[]
  openCases: { class: string; count: number }[]
  reconciliation: SimulationReport['reconciliation']
  books: BookPair[]
  problems: readonly string[]
  invariants: InvariantResult[]
}): SimulationReport {
  const { options, tally, payments, days, books, invariants } = input
  return {
    ...options,
    visits: tally.visits,
    bills: tally.bills,
    payments: groupPayments(payments),
    tenders: groupTenders([...days.values()].flat()),
    refunds: groupRefunds(payments),
    refusals: tally.refusals().map(([code, count]) => ({ code, count })),
    differences: input.differences,
    openCases: input.openCases,
    reconciliation: input.reconciliation,
    books,
    invariants,
    violations: [
      ...invariants
        .filter((invariant) => invariant.violations > 0)
        .map(({ id, title, violations }) => `${id} ${title}: ${violations}`),
      ...books
        .filter(({ oursFen, theirsFen, inCasesFen }) => oursFen - theirsFen !== inCasesFen)
        .map(
          ({ what, hospitalId }) => `books differ without a case: ${what}, hospital ${hospitalId}`,
        ),
      ...input.problems,
      ...input.reconciliation
        .filter(({ status }) => status !== 'closed')
        .map(
          ({ hospitalId, date, status }) => `day ${date} of hospital ${hospitalId} is ${status}`,
        ),
    ],
  }
}

function groupPayments(payments: readonly Payment[]) {
  return group(payments, (payment) => payment.payerState).map(([state, list]) => ({
    state,
    count: list.length,
    totalFen: sum(list.map((payment) => payment.totalFen)),
  }))
}

function groupTenders(days: readonly FinanceDay[]) {
  const moves = days.flatMap((day) => day.moves)
  return group(moves, (move) => `${move.provider} ${move.part}`).map(([key, list]) => {
    const [provider = '', part = ''] = key.split(' ')
    const of = (kind: string) => sum(list.filter((m) => m.kind === kind).map((m) => m.amountFen))
    return { provider, part, chargedFen: of('charge'), returnedFen: of('return') }
  })
}

function groupRefunds(payments: readonly Payment[]) {
  const refunds = payments.flatMap((payment) => payment.refunds)
  return group(refunds, (refund) => `${refund.cause} ${refund.status}`).map(([key, list]) => {
    const [cause = '', status = ''] = key.split(' ')
    const amountFen = sum(list.map((refund) => refund.amountFen))
    return { cause, status, count: list.length, amountFen }
  })
}

function group<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)

/** For people. The same report gives the same text, byte for byte. */
export function formatReport(report: SimulationReport): string {
  const { seed, patients, days, faults } = report
  return [
    `医桥模拟 / simulation: seed ${seed}, ${patients} patients, ${days} day(s), faults ${faults}`,
    '',
    `就诊 visits ${report.visits}   账单 bills ${report.bills}`,
    ...section('支付 payments', report.payments, ({ state, count, totalFen }) => [
      state,
      String(count),
      yuan(totalFen),
    ]),
    ...section('资金 money by tender', report.tenders, (t) => [
      `${t.provider} ${t.part}`,
      `+${yuan(t.chargedFen)}`,
      `-${yuan(t.returnedFen)}`,
    ]),
    ...section('退款 refunds', report.refunds, (r) => [
      `${r.cause} ${r.status}`,
      String(r.count),
      yuan(r.amountFen),
    ]),
    ...section('拒绝 refused requests', report.refusals, (r) => [r.code, String(r.count)]),
    ...section('差异 differences', report.differences, (d) => [
      `${d.source} ${d.class} ${d.status}`,
      String(d.count),
    ]),
    ...section('未结工单 open cases', report.openCases, (c) => [c.class, String(c.count)]),
    ...section('日结 business dates', report.reconciliation, (r) => [
      `hospital ${r.hospitalId} ${r.date}`,
      r.status,
    ]),
    ...section('各方账 books', report.books, (b) => [
      `hospital ${b.hospitalId} ${b.what}`,
      yuan(b.oursFen),
      b.oursFen === b.theirsFen ? '=' : '≠',
      yuan(b.theirsFen),
      ...(b.inCasesFen === 0 ? [] : [`工单 in cases ${yuan(b.inCasesFen)}`]),
    ]),
    ...section('不变量 invariants', report.invariants, (i) => [
      MARK_OF_STATE[i.state],
      `${i.id} ${i.title}`,
      i.figure,
    ]),
    '',
    ...(report.violations.length > 0 ? ['违反 violations', ...report.violations, ''] : []),
    report.violations.length === 0 ? '0 violations' : `${report.violations.length} violations`,
    '',
  ].join('\n')
}

function section<T>(title: string, rows: readonly T[], cells: (row: T) => string[]): string[] {
  if (rows.length === 0) return ['', title, '  —']
  return ['', title, ...rows.map((row) => `  ${cells(row).join('  ')}`)]
}

const MARK_OF_STATE = { held: '✔', broken: '✘', not_applicable: '–' } as const

const yuan = (amountFen: number) => `¥${formatYuan(fen(amountFen))}`
