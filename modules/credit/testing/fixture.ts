import type { HospitalId, Id } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { createAudit } from '../../../platform/audit.ts'
import { noCanaries } from '../../../platform/canary.ts'
import { type Db, inHospital, type Tx } from '../../../platform/db.ts'
import { systemActor } from '../../../platform/principal.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createLedger } from '../../ledger/index.ts'
import type {
  ChargeOrder,
  Payable,
  ProviderCall,
  QuoteAnswer,
  QuoteRequest,
  RefundOrder,
} from '../../payments/index.ts'
import { createBuiltInLender } from '../built-in-lender.ts'
import { createCredit } from '../credit.ts'
import type { ApplicantFacts } from '../decide-application.ts'
import type { CreditDependencies } from '../dependencies.ts'
import { findLine } from '../line-store.ts'
import type { LoanBook, NewLoan } from '../loan-book.ts'
import {
  type ApplicationId,
  type CreditVisitId,
  lenderId,
  type LenderId,
  type PersonId,
  type Product,
} from '../terms.ts'
import { MemoryBank } from './memory-bank.ts'

export const HOSPITAL = 17 as HospitalId
export const BUILT_IN = lenderId(900_001)
export const BANK = lenderId(900_002)
export const ACTOR = systemActor('test')

export const GOOD: ApplicantFacts = {
  ageYears: 40,
  insured: true,
  needRegistered: false,
  billsPaidLastYear: 3,
  repayment: {
    loansRepaid: 0,
    timesLate: 0,
    longestOverdueDays: 0,
    overdueNow: false,
    writtenOff: false,
  },
}

export const product = (changes: Partial<Product> = {}): Product => ({
  lenderId: BUILT_IN,
  id: 'visit-1',
  kind: 'visit_credit',
  name: { zh: '信用就医', en: 'Visit credit' },
  status: 'offered',
  minLimitFen: fen(50_000),
  maxLimitFen: fen(1_000_000),
  freeDays: 30,
  ways: [
    { way: 'next_month', periods: 1, yearlyRatePpm: 0, feePpm: 0 },
    { way: 'equal_payment', periods: 6, yearlyRatePpm: 60_000, feePpm: 0 },
  ],
  penaltyPpm: 1_500_000,
  aprCapPpm: 150_000,
  scenes: ['registration', 'outpatient', 'inpatient'],
  bands: [
    { fromScore: 700, limitFen: fen(500_000) },
    { fromScore: 600, limitFen: fen(300_000) },
    { fromScore: 500, limitFen: fen(100_000) },
  ],
  minAgeYears: 18,
  maxAgeYears: 80,
  consentVersion: 'v1',
  ...changes,
})

/** Keeps loans in memory: what was opened, and what was taken off it. */
class MemoryLoans implements LoanBook {
  readonly opened: NewLoan[] = []
  readonly openFen = new Map<string, number>()

  async open(_tx: Tx, loan: NewLoan) {
    this.opened.push(loan)
    this.openFen.set(loan.loanId, loan.principalFen)
  }

  async reducePrincipal(_tx: Tx, { loanId, amountFen }: { loanId: string; amountFen: Fen }) {
    const open = this.openFen.get(loanId) ?? 0
    const reducedFen = fen(Math.min(open, amountFen))
    this.openFen.set(loanId, open - reducedFen)
    return { reducedFen, recoveredFen: fen(0) }
  }
}

/** The module on a database, with a built-in lender, a bank that remembers and loans of this process. */
export async function createFixture(db: Db, seed: string) {
  const platform = testPlatform('2026-11-21T10:00:00+08:00', seed)
  const { clock, newId } = platform
  const bank = new MemoryBank(BANK, clock)
  const loans = new MemoryLoans()
  const facts = { ...GOOD }
  const collected = new Map<string, { lenderNo: string; amountFen: Fen; at: Date }>()
  const builtIn = createBuiltInLender(
    {
      db,
      clock,
      billsOf: async () => [],
      collect: {
        take: async (_lender, { repaymentNo, amountFen }) => {
          const data = { lenderNo: `C${repaymentNo}`, amountFen, at: clock.now() }
          collected.set(repaymentNo, data)
          return { outcome: 'ok', data }
        },
        query: async (_lender, { repaymentNo }) => {
          const data = collected.get(repaymentNo)
          return data ? { outcome: 'ok', data } : { outcome: 'none' }
        },
      },
    },
    BUILT_IN,
  )
  const deps: CreditDependencies = {
    db,
    clock,
    newId,
    audit: createAudit({ clock, newId }),
    ledger: createLedger({ clock, newId, canaries: noCanaries }),
    loans,
    lenderOf: async (id) => (id === BANK ? bank : builtIn),
    applicantOf: async (personId) => ({
      personId,
      name: '张三',
      idCardNo: '110101199003070011',
      phone: null,
    }),
    factsOf: async () => facts,
  }
  const credit = createCredit(deps)
  const forms = [
    [BUILT_IN, 'built_in'],
    [BANK, 'bank_api'],
  ] as const
  for (const [id, form] of forms) {
    const name = { zh: `行${id}`, en: `Bank ${id}` }
    await credit.saveLender({ lenderId: id, name, form, status: 'active' })
    await credit.addConsentText(id, { version: 'v1', zh: '同意', en: 'I agree' })
    await credit.addProduct(product({ lenderId: id })).catch(() => undefined)
  }
  return { ...platform, db, bank, loans, facts, collected, deps, credit, ...doers(deps, credit) }
}

export type Fixture = Awaited<ReturnType<typeof createFixture>>

/** What the tests do over and over. */
export function doers(deps: CreditDependencies, credit: ReturnType<typeof createCredit>) {
  const { db, newId } = deps
  const call: ProviderCall = { hospitalId: HOSPITAL, trace: () => undefined }
  const hospitalLimit = (of: LenderId, amount: number) =>
    credit.changeHospitalLimit(
      { lenderId: of, careHospitalId: HOSPITAL, limitFen: fen(amount) },
      ACTOR,
    )

  /** A person with a line of this limit. */
  async function person(of = BUILT_IN, limit = 100_000): Promise<PersonId> {
    const personId = newId<'Person'>()
    await hospitalLimit(of, 100_000_000)
    const applicationId: ApplicationId = newId<'CreditApplication'>()
    const wish = { lenderId: of, applicationId, personId, productId: 'visit-1' }
    await credit.apply({ ...wish, way: 'next_month', consentVersion: 'v1' }, ACTOR)
    const found = await line(personId, of)
    const change = { kind: 'limit', limitFen: fen(limit) } as const
    await credit.changeLine({ lenderId: of, lineId: found.id }, change, {
      actor: ACTOR,
      reason: 'test',
    })
    return personId
  }

  async function line(personId: PersonId, of = BUILT_IN) {
    const found = await inHospital(db, of, (tx) => findLine(tx, of, { personId }))
    if (!found) throw new Error('the person has no line')
    return found
  }

  const agree = (personId: PersonId, reserve = 50_000, of = BUILT_IN, visitNo = 'V-1') =>
    credit.agreeToVisit(
      {
        lenderId: of,
        visitId: newId<'CreditVisit'>() as CreditVisitId,
        personId,
        careHospitalId: HOSPITAL,
        visitNo,
        isStay: false,
        reserveFen: fen(reserve),
        way: null,
        consentVersion: 'v1',
      },
      ACTOR,
    )

  return { call, hospitalLimit, person, line, agree, ...orders(deps, credit, call) }
}

/** Quotes, and the orders that payments makes of them. */
function orders(
  { newId, clock }: CreditDependencies,
  credit: ReturnType<typeof createCredit>,
  call: ProviderCall,
) {
  const quoteRequest = (
    personId: PersonId,
    amount: number,
    wanted: boolean | null = null,
  ): QuoteRequest => ({
    hospitalId: HOSPITAL,
    paymentId: newId<'Payment'>(),
    personId,
    payables: [payable(amount)],
    useAccount: false,
    wanted,
    left: Promise.resolve({ leftFen: fen(amount), paid: [] }),
  })

  function orderOf(answer: QuoteAnswer, changes: Partial<ChargeOrder> = {}): ChargeOrder {
    if (answer.outcome !== 'quoted') throw new Error(`not quoted: ${JSON.stringify(answer)}`)
    const tenderId = newId<'Tender'>()
    return {
      hospitalId: HOSPITAL,
      paymentId: newId<'Payment'>(),
      tenderId,
      tradeNo: tradeNoOf(HOSPITAL, tenderId),
      amountFen: answer.parts[0]?.amountFen ?? fen(0),
      parts: answer.parts,
      quoteReference: answer.quoteReference,
      description: '门诊费用 B-1',
      payerAccount: null,
      method: null,
      presence: null,
      createdAt: clock.now(),
      expiresAt: clock.now(),
      ...changes,
    }
  }

  /** Quotes an amount for a person. */
  const ordered = async (personId: PersonId, amount: number, wanted: boolean | null = null) =>
    orderOf(await credit.source.quote(call, quoteRequest(personId, amount, wanted)))

  /** Quotes, holds and charges without trouble. */
  async function drawn(personId: PersonId, amount: number, wanted: boolean | null = null) {
    const order = await ordered(personId, amount, wanted)
    await credit.source.hold(call, order)
    const answer = await credit.source.charge(call, order)
    if (answer.outcome !== 'confirmed') throw new Error(JSON.stringify(answer))
    return order
  }

  const refundOf = (charge: ChargeOrder, amount: number): RefundOrder => {
    const refundId: Id<'Refund'> = newId<'Refund'>()
    return {
      charge,
      chargeProviderNo: 'D?',
      refundId,
      refundNo: tradeNoOf(HOSPITAL, refundId),
      amountFen: fen(amount),
      remaining: [],
      reason: '退药',
      requestedAt: clock.now(),
    }
  }

  return { quoteRequest, orderOf, ordered, drawn, refundOf }
}

const payable = (amount: number): Payable => ({
  billNo: 'B-1',
  version: 1,
  visitNo: 'V-1',
  patientNo: 'PT-1',
  kind: 'outpatient',
  title: '心内科 李医生',
  department: { code: 'D1', name: '心内科' },
  doctor: { code: 'DR1', name: '李医生' },
  diagnosis: { code: 'I10', name: '原发性高血压' },
  billedAt: new Date('2026-11-21T09:30:00+08:00'),
  totalFen: fen(amount),
  lines: [],
})
