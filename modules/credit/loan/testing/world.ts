import type { sql } from 'kysely'

import type { HospitalId, NewId } from '../../../../kernel/id.ts'
import { fen } from '../../../../kernel/money.ts'
import { addDays, businessDateOf, type BusinessDate, instantAt } from '../../../../kernel/time.ts'
import { createAudit } from '../../../../platform/audit.ts'
import { noCanaries } from '../../../../platform/canary.ts'
import { type Db, inHospital } from '../../../../platform/db.ts'
import { testPlatform } from '../../../../platform/testing/clock.ts'
import { createLedger } from '../../../ledger/index.ts'
import { drawsAt, LOAN_PRINCIPAL } from '../../books.ts'
import type { PrincipalRepaid } from '../../loan-book.ts'
import {
  type LenderId,
  lenderId,
  type LoanId,
  type PersonId,
  type Product,
  type RepaymentWay,
} from '../../terms.ts'
import type { CollectAnswer, CollectOrder, Collector } from '../collector.ts'
import type { LoanDependencies, StageMove } from '../dependencies.ts'
import { USUAL_RULES } from '../loan.ts'
import { createLoans, type Loans } from '../loans.ts'

const FIRST_LENDER = lenderId(900_001)
const CARE = 1 as HospitalId

const PRODUCT: Product = {
  lenderId: FIRST_LENDER,
  id: 'pay-later',
  kind: 'visit_credit',
  name: { zh: '信用就医', en: 'Pay later' },
  status: 'offered',
  minLimitFen: fen(10_000),
  maxLimitFen: fen(10_000_000),
  freeDays: 30,
  ways: [
    { way: 'next_month', periods: 1, yearlyRatePpm: 146_000, feePpm: 0 },
    { way: 'equal_payment', periods: 3, yearlyRatePpm: 120_000, feePpm: 0 },
    { way: 'equal_principal', periods: 6, yearlyRatePpm: 120_000, feePpm: 0 },
    { way: 'flat_fee', periods: 12, yearlyRatePpm: 0, feePpm: 6_000 },
    { way: 'flat_fee', periods: 3, yearlyRatePpm: 0, feePpm: 60_000 }, // above the cap
  ],
  penaltyPpm: 1_500_000,
  aprCapPpm: 240_000,
  scenes: ['outpatient'],
  bands: [],
  minAgeYears: 18,
  maxAgeYears: 70,
  consentVersion: '1',
}

/** Collects what it is told to, unless told otherwise, once for each number. */
class MemoryCollector implements Collector {
  readonly taken = new Map<string, number>()
  /** Whose repayments it cannot even answer for. */
  breaksOn: LoanId | null = null
  script: 'takes' | 'refuses' | 'takes_and_is_silent' | 'is_silent' = 'takes'

  async take({ loanId, repaymentNo, amountFen }: CollectOrder): Promise<CollectAnswer> {
    if (loanId === this.breaksOn) throw new Error('the answer cannot be read')
    if (this.script === 'is_silent') return { outcome: 'unknown', reason: 'no answer' }
    if (this.script === 'refuses') return { outcome: 'refused', reason: 'no_money' }
    this.taken.set(repaymentNo, amountFen)
    if (this.script === 'takes_and_is_silent') return { outcome: 'unknown', reason: 'no answer' }
    return { outcome: 'taken', providerNo: `B-${repaymentNo}` }
  }

  async query({ repaymentNo }: CollectOrder): Promise<CollectAnswer | { outcome: 'absent' }> {
    if (this.script.endsWith('is_silent')) return { outcome: 'unknown', reason: 'no answer' }
    return this.taken.has(repaymentNo)
      ? { outcome: 'taken', providerNo: `B-${repaymentNo}` }
      : { outcome: 'absent' }
  }

  takenFen = () => [...this.taken.values()].reduce((sum, amount) => sum + amount, 0)
}

export type LoansWorld = ReturnType<typeof loansWorld>

/** One lender's book, with its loans, on a clock that stands still. */
export function loansWorld(db: Db, lender = FIRST_LENDER, start = '2026-03-01T10:00:00+08:00') {
  const { clock, newId } = testPlatform(start, 'loans')
  const ledger = createLedger({ clock, newId, canaries: noCanaries })
  const collector = new MemoryCollector()
  const repaid: PrincipalRepaid[] = []
  const stages: StageMove[] = []
  const deps: LoanDependencies = {
    db,
    clock,
    ledger,
    audit: createAudit({ clock, newId }),
    productOf: async () => PRODUCT,
    rulesOf: async () => USUAL_RULES,
    collector,
    onRepaid: async (_tx, one) => void repaid.push(one),
    onStages: async (_tx, moves) => void stages.push(...moves),
  }
  const loans = createLoans(deps)

  const open = (principalFen: number, way: RepaymentWay = 'next_month') =>
    settleInto(deps, loans, lender, { principalFen, way, newId })

  /** Closes each day before this one, and stands at ten o'clock of it. */
  async function passTo(date: BusinessDate): Promise<void> {
    for (let day = businessDateOf(clock.now()); day < date; day = addDays(day, 1)) {
      clock.set(instantAt(addDays(day, 1), '00:30:00'))
      await loans.closeDay(lender, day)
    }
    clock.set(instantAt(date, '10:00:00'))
  }

  let numbers = 0
  const pay = (
    { loanId, personId }: { loanId: LoanId; personId: PersonId },
    scope: 'partial' | 'due' | 'full',
    amountFen?: number,
  ) =>
    loans.repay({
      lenderId: lender,
      loanId,
      repaymentNo: `R${(numbers += 1)}`,
      payerId: personId,
      source: 'payer',
      scope,
      ...(amountFen === undefined ? {} : { amountFen: fen(amountFen) }),
    })

  const inBook = <T>(statement: ReturnType<typeof sql<T>>) =>
    inHospital(db, lender, async (tx) => (await statement.execute(tx)).rows)
  return {
    lender,
    db,
    clock,
    newId,
    deps,
    loans,
    collector,
    repaid,
    stages,
    open,
    passTo,
    pay,
    inBook,
  }
}

/** A settlement: draws become a loan, and the entry is the settler's. */
async function settleInto(
  { db, clock, ledger }: LoanDependencies,
  loans: Loans,
  lender: LenderId,
  { principalFen, way, newId }: { principalFen: number; way: RepaymentWay; newId: NewId },
) {
  const [loanId, personId] = [newId<'Loan'>(), newId<'Person'>()]
  const openedAt = clock.now()
  const dueOn = addDays(businessDateOf(openedAt), PRODUCT.freeDays)
  await inHospital(db, lender, async (tx) => {
    await ledger.post(tx, {
      hospitalId: lender,
      businessDate: businessDateOf(openedAt),
      cause: `settled:${loanId}`,
      subject: `loan:${loanId}`,
      memo: 'settled',
      transfers: [{ debit: LOAN_PRINCIPAL, credit: drawsAt(CARE), amountFen: fen(principalFen) }],
    })
    await loans.open(tx, {
      loanId,
      lenderId: lender,
      personId,
      hospitalId: CARE,
      visitNo: 'V1',
      product: PRODUCT,
      principalFen: fen(principalFen),
      openedAt,
      dueOn,
      way,
    })
  })
  return { lenderId: lender, loanId, personId, dueOn }
}
