import { fen } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, businessDateOf, instantAt } from '../../../kernel/time.ts'
import { createAudit } from '../../../platform/audit.ts'
import { noCanaries } from '../../../platform/canary.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import { type ManualClock, testPlatform } from '../../../platform/testing/clock.ts'
import { balancesOf, createLedger } from '../../ledger/index.ts'
import { createBuiltInLender } from '../built-in-lender.ts'
import { createCollections } from '../collection/collections.ts'
import { createCredit, type Credit } from '../credit.ts'
import type { CreditDependencies } from '../dependencies.ts'
import { USUAL_RULES } from '../loan/loan.ts'
import { createLoans, type Loans } from '../loan/loans.ts'
import type { LenderId, PersonId, Product } from '../terms.ts'
import { doers, GOOD, product } from './fixture.ts'
import { MemoryBank } from './memory-bank.ts'

/** 14.6 % a year: 60 fen of penalty a day on 1,000 yuan at one and a half times. */
const TERMS: Partial<Product> = {
  ways: [
    { way: 'next_month', periods: 1, yearlyRatePpm: 146_000, feePpm: 0 },
    { way: 'equal_payment', periods: 6, yearlyRatePpm: 146_000, feePpm: 0 },
  ],
}

/** Lines, visits, loans and their collection, all of them real, with one lender of either form. */
export async function createLending(db: Db, seed: string, lender: LenderId, bankId: LenderId) {
  const platform = testPlatform('2026-11-21T10:00:00+08:00', seed)
  const { clock, newId } = platform
  const bank = new MemoryBank(bankId, clock)
  const audit = createAudit({ clock, newId })
  const ledger = createLedger({ clock, newId, canaries: noCanaries })
  const parts = { db, clock, newId, audit, ledger }
  const told: { id: string; status: string }[] = []
  const lenderOf = async (id: LenderId) => (id === bankId ? bank : builtIn)
  const collections = createCollections({
    ...parts,
    lenderOf,
    loans: () => loans,
    credit: () => credit,
  })
  const builtIn = createBuiltInLender(
    { db, clock, billsOf: async () => [], collect: collections.forVisits },
    lender,
  )
  const loans: Loans = createLoans({
    ...parts,
    productOf: (tx, id, productId) => credit.productIn(tx, id, productId),
    rulesOf: async () => USUAL_RULES,
    collector: collections.collector,
    onRepaid: (tx, repaid) => credit.onRepaid(tx, repaid),
    onStages: (tx, moves) => credit.onStages(tx, moves),
  })
  const deps: CreditDependencies = {
    ...parts,
    loans,
    lenderOf,
    applicantOf: async (personId) => ({
      personId,
      name: '张三',
      idCardNo: '110101199003070011',
      phone: null,
    }),
    factsOf: async () => GOOD,
    onVisitEnded: async (_tx, { id, status }) => void told.push({ id, status }),
  }
  const credit: Credit = createCredit(deps)
  for (const [lenderId, form] of [
    [lender, 'built_in'],
    [bankId, 'bank_api'],
  ] as const) {
    const name = { zh: `行${lenderId}`, en: `Bank ${lenderId}` }
    await credit.saveLender({ lenderId, name, form, status: 'active' })
    await credit.addConsentText(lenderId, { version: 'v1', zh: '同意', en: 'I agree' })
    await credit.addProduct(product({ ...TERMS, lenderId })).catch(() => undefined)
  }
  const does = doers(deps, credit)
  return {
    ...platform,
    ...does,
    db,
    bank,
    told,
    lender,
    bankId,
    loans,
    credit,
    collections,
    ...workers({ ...deps, clock, loans }, does),
  }
}

export type Lending = Awaited<ReturnType<typeof createLending>>

/** What the worker does, and what came of it. */
function workers(
  { db, clock, loans }: CreditDependencies & { clock: ManualClock; loans: Loans },
  { person, agree, drawn, line }: ReturnType<typeof doers>,
) {
  /** Closes each day before this one, and stands at ten o'clock of it. */
  async function passTo(of: LenderId, date: BusinessDate): Promise<void> {
    for (let day = businessDateOf(clock.now()); day < date; day = addDays(day, 1)) {
      clock.set(instantAt(addDays(day, 1), '00:30:00'))
      await loans.closeDay(of, day)
    }
    clock.set(instantAt(date, '10:00:00'))
  }

  /** A person with a visit in which an amount was drawn, and what the account and the loans say. */
  async function visited(of: LenderId, amount = 30_000) {
    const personId = await person(of)
    const visit = await agree(personId, 50_000, of)
    const order = await drawn(personId, amount)
    return { personId, order, key: { lenderId: of, visitId: visit.id } }
  }

  const loansOf = (of: LenderId, personId: PersonId) => loans.loansOf(of, personId)

  const use = async (of: LenderId, personId: PersonId) => {
    const { reservedFen, drawnFen } = await line(personId, of)
    return [reservedFen, drawnFen]
  }

  const balance = async (of: LenderId, code: string) => {
    const accounts = await inHospital(db, of, (tx) => balancesOf(tx, of))
    const account = accounts.find((one) => one.code === code)
    return account ? fen(account.debitFen - account.creditFen) : fen(0)
  }

  return { passTo, visited, loansOf, use, balance }
}
