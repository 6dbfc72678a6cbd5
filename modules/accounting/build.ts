import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, ZERO } from '../../kernel/money.ts'
import { type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { type DatedTransfer, journalOfDate } from '../ledger/index.ts'
import {
  assemble,
  type Book,
  type Fact,
  type Finding,
  needsIncome,
  type Source,
  type VoucherDraft,
  type VoucherLine,
} from './assemble.ts'
import type { AccountingDependencies } from './dependencies.ts'
import { accountingErrors } from './errors.ts'
import { STANDARD, templateOn } from './in-force.ts'
import type { VoucherId } from './tables.ts'
import type { TemplateTerms } from './template.ts'
import {
  type DayKey,
  type DayRow,
  handledOf,
  insertLines,
  insertSources,
  insertVoucher,
  lockDay,
  type NewSource,
  takeNumber,
  updateDay,
} from './voucher-store.ts'

const PAGE = 2_000

/** Of one voucher. What a date has beyond it is in the next version. */
const MOST_TRANSFERS = 100_000

export type Built =
  | { outcome: 'unchanged' }
  | { outcome: 'made'; version: number; vouchers: VoucherId[] }
  | { outcome: 'uncovered'; findings: Finding[] }

/**
 * Makes vouchers of what of a date has none yet: of all of it the first time, of what was posted since after that, and
 * of nothing when nothing is new. The vouchers there are stay as they are. Errors: day_not_over.
 */
export async function buildDate(
  deps: AccountingDependencies,
  hospitalId: HospitalId,
  date: BusinessDate,
): Promise<Built> {
  if (date >= businessDateOf(deps.clock.now())) throw accountingErrors.day_not_over({ date })
  const made: VoucherId[] = []
  for (;;) {
    const { built, isMore } = await inHospital(deps.db, hospitalId, (tx) =>
      buildOnce(deps, tx, { hospitalId, date }),
    )
    if (built.outcome === 'made') made.push(...built.vouchers)
    if (!isMore) return built.outcome === 'made' ? { ...built, vouchers: made } : built
  }
}

async function buildOnce(
  deps: AccountingDependencies,
  tx: Tx,
  key: DayKey,
): Promise<{ built: Built; isMore: boolean }> {
  const day = await lockDay(tx, key)
  const { id, template } = await templateOn(tx, key.hospitalId, key.date)
  const { facts, isMore } = await newFacts(deps, tx, key, template)
  if (facts.length === 0) {
    const isNew = day.status !== 'complete'
    if (isNew) await saveDay(deps, tx, day, { status: 'complete', findings: [], transfers: 0 })
    return { built: { outcome: 'unchanged' }, isMore: false }
  }
  const { findings, vouchers, leftOut } = assemble(template, key.date, facts)
  if (findings.length > 0) {
    await saveDay(deps, tx, day, { status: 'uncovered', findings, transfers: 0 })
    return { built: { outcome: 'uncovered', findings }, isMore: false }
  }
  const version = vouchers.length > 0 ? day.version + 1 : day.version
  const ids: VoucherId[] = []
  for (const draft of vouchers) {
    ids.push(await saveVoucher(deps, tx, key, { draft, version, template: id ?? STANDARD }))
  }
  const unused = leftOut.map((transfer) =>
    sourceRow({ transfer, partNo: 1, amountFen: transfer.amountFen, ...NO_LINES }),
  )
  await insertSources(tx, key, null, unused)
  const saved = { status: 'complete' as const, findings: [], transfers: facts.length, version }
  await saveDay(deps, tx, day, saved)
  return { built: { outcome: 'made', version, vouchers: ids }, isMore }
}

const NO_LINES = { financial: null, budget: null }

/** The transfers of the date that are in no voucher, with whose income they are. */
async function newFacts(
  { incomeOf }: AccountingDependencies,
  tx: Tx,
  { hospitalId, date }: DayKey,
  template: TemplateTerms,
): Promise<{ facts: Fact[]; isMore: boolean }> {
  const facts: Fact[] = []
  let after: { entryId: DatedTransfer['entryId']; lineNo: number } | null = null
  for (;;) {
    const page: DatedTransfer[] = await journalOfDate(tx, hospitalId, date, { after, limit: PAGE })
    const last = page.at(-1)
    if (!last) return { facts, isMore: false }
    const handled = await handledOf(tx, hospitalId, [...new Set(page.map((t) => t.entryId))])
    const fresh = page.filter((t) => !handled.has(`${t.entryId}/${t.lineNo}`))
    const wanting = fresh.filter((transfer) => needsIncome(template, transfer))
    const answers = wanting.length === 0 ? [] : await incomeOf(tx, hospitalId, wanting)
    const incomes = new Map(wanting.map((transfer, i) => [transfer, answers[i] ?? null]))
    facts.push(...fresh.map((transfer) => ({ ...transfer, income: incomes.get(transfer) ?? null })))
    if (facts.length >= MOST_TRANSFERS) return { facts, isMore: true }
    after = last
  }
}

async function saveDay(
  { clock, publish }: AccountingDependencies,
  tx: Tx,
  day: DayRow,
  change: {
    status: 'complete' | 'uncovered'
    findings: readonly Finding[]
    transfers: number
    version?: number
  },
): Promise<void> {
  const { version = day.version, status, findings } = change
  const transfers = day.transfers + change.transfers
  await updateDay(tx, day, { status, version, transfers, findings, made_at: clock.now() })
  const about = { hospitalId: day.hospital_id, date: day.business_date }
  if (version > day.version) await publish(tx, 'accounting.vouchers_made', { ...about, version })
  if (status === 'uncovered' && day.status !== 'uncovered') {
    await publish(tx, 'accounting.day_uncovered', { ...about, findings: findings.length })
  }
}

async function saveVoucher(
  { newId, clock }: AccountingDependencies,
  tx: Tx,
  key: DayKey,
  { draft, version, template }: { draft: VoucherDraft; version: number; template: string },
): Promise<VoucherId> {
  const { hospitalId, date } = key
  const id = newId<'Voucher'>()
  const month = date.slice(0, 7)
  const no = await takeNumber(tx, hospitalId, { month, type: draft.type })
  for (const book of ['financial', 'budget'] as const) {
    await insertLines(tx, chained({ hospitalId, id, book }, draft[book]))
  }
  await insertVoucher(tx, {
    hospital_id: hospitalId,
    id,
    business_date: date,
    type: draft.type,
    version,
    month,
    no,
    template,
    financial_book: 'financial',
    budget_book: 'budget',
    nothing_fen: 0,
    financial_last: draft.financial.length || null,
    budget_last: draft.budget.length || null,
    financial_fen: debitsOf(draft.financial),
    budget_fen: debitsOf(draft.budget),
    made_at: clock.now(),
  })
  await insertSources(tx, key, id, draft.sources.map(sourceRow))
  return id
}

const debitsOf = (lines: readonly VoucherLine[]): Fen =>
  addFen(ZERO, ...lines.map(({ debitFen }) => debitFen))

/** Each line with what the lines before it come to. */
function chained(
  { hospitalId, id, book }: { hospitalId: HospitalId; id: VoucherId; book: Book },
  lines: readonly VoucherLine[],
) {
  let before = 0
  const rows = lines.map((line, i) => {
    const after = before + line.debitFen - line.creditFen
    const row = {
      hospital_id: hospitalId,
      voucher_id: id,
      book,
      line_no: i + 1,
      prev_no: i === 0 ? null : i,
      before_fen: before,
      after_fen: after,
      subject: line.subject,
      aux: line.aux,
      summary: line.summary,
      debit_fen: line.debitFen,
      credit_fen: line.creditFen,
    }
    before = after
    return row
  })
  assert(before === 0, 'debits are credits')
  return rows
}

const sourceRow = ({ transfer, partNo, amountFen, financial, budget }: Source): NewSource => ({
  entry_id: transfer.entryId,
  transfer_no: transfer.lineNo,
  part_no: partNo,
  amount_fen: amountFen,
  cause: transfer.cause,
  subject: transfer.subject,
  financial_debit: financial?.debit ?? null,
  financial_credit: financial?.credit ?? null,
  budget_debit: budget?.debit ?? null,
  budget_credit: budget?.credit ?? null,
})
