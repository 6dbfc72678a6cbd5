import type pg from 'pg'

import type { HospitalId, Id, NewId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import {
  createBuiltInLender,
  createCredit,
  createLoans,
  type Credit,
  type LenderId,
  type Loans,
  type Product,
  USUAL_RULES,
} from '../../../modules/credit/index.ts'
import { createLedger } from '../../../modules/ledger/index.ts'
import type { ChargeOrder, PersonId, ProviderCall } from '../../../modules/payments/index.ts'
import { createAudit } from '../../../platform/audit.ts'
import { noCanaries } from '../../../platform/canary.ts'
import type { Db } from '../../../platform/db.ts'
import { systemActor } from '../../../platform/principal.ts'
import { systemClock } from '../../../platform/system.ts'

const CARE = 1 as HospitalId
export const CALL: ProviderCall = { hospitalId: CARE, trace: () => undefined }
export const AMOUNT_FEN = 1_000
const HOSPITAL_LIMIT_FEN = 100_000_000_000
const ACTOR = systemActor('bench')

const PRODUCT = {
  id: 'bench',
  kind: 'visit_credit',
  name: { zh: '信用就医', en: 'Visit credit' },
  status: 'offered',
  minLimitFen: fen(50_000),
  maxLimitFen: fen(1_000_000_000),
  freeDays: 30,
  ways: [{ way: 'next_month', periods: 1, yearlyRatePpm: 0, feePpm: 0 }],
  penaltyPpm: 1_500_000,
  aprCapPpm: 150_000,
  scenes: ['outpatient'],
  bands: [{ fromScore: 500, limitFen: fen(1_000_000) }],
  minAgeYears: 18,
  maxAgeYears: 80,
  consentVersion: 'v1',
} as const satisfies Omit<Product, 'lenderId'>

/** Lines, loans and a lender that only wants the ledger, on one database. */
export async function openLender(db: Db, newId: NewId, lenderId: LenderId): Promise<Credit> {
  const parts = {
    db,
    clock: systemClock,
    newId,
    audit: createAudit({ clock: systemClock, newId }),
    ledger: createLedger({ clock: systemClock, newId, canaries: noCanaries }),
  }
  const loans: Loans = createLoans({
    ...parts,
    productOf: (tx, id, productId) => credit.productIn(tx, id, productId),
    rulesOf: async () => USUAL_RULES,
    collector: NOBODY,
    onRepaid: (tx, repaid) => credit.onRepaid(tx, repaid),
    onStages: (tx, moves) => credit.onStages(tx, moves),
  })
  const lender = createBuiltInLender(
    {
      ...parts,
      billsOf: async () => [],
      collect: { take: async () => SILENT, query: async () => SILENT },
    },
    lenderId,
  )
  const credit: Credit = createCredit({
    ...parts,
    loans,
    lenderOf: async () => lender,
    applicantOf: async () => null,
    factsOf: () => Promise.reject(new Error('nobody applies here')),
  })
  const name = { zh: '海岳银行', en: 'Haiyue Bank' }
  await credit.saveLender({ lenderId, name, form: 'built_in', status: 'active' })
  await credit.addConsentText(lenderId, { version: 'v1', zh: '同意', en: 'I agree' })
  await credit.addProduct({ ...PRODUCT, lenderId })
  const limit = { lenderId, careHospitalId: CARE, limitFen: fen(HOSPITAL_LIMIT_FEN) }
  await credit.changeHospitalLimit(limit, ACTOR)
  return credit
}

const SILENT = { outcome: 'unknown', reason: 'nobody pays here' } as const
const NOBODY = { take: async () => SILENT, query: async () => SILENT }

/** Enters people with a line of this limit each, as a day's applications would have left them. */
export async function enterLines(
  client: pg.Client,
  newId: NewId,
  { lenderId, people, limitFen }: { lenderId: LenderId; people: number; limitFen: number },
): Promise<PersonId[]> {
  const personIds: PersonId[] = Array.from({ length: people }, () => newId<'Person'>())
  const lineIds = personIds.map(() => newId<'CreditLine'>())
  await client.query(`set app.hospital_id = '${lenderId}'`)
  await client.query(
    `insert into credit.line (hospital_id, id, person_id, product_id, way, account_no, status, limit_fen,
        ceiling_fen, reserved_fen, drawn_fen, created_at, updated_at)
      select $1, line_id, person_id, 'bench', 'next_month', 'A' || line_id, 'active', $4, $4, 0, 0, $5, $5
      from unnest($2::uuid[], $3::uuid[]) as t (line_id, person_id)`,
    [lenderId, lineIds, personIds, limitFen, systemClock.now()],
  )
  return personIds
}

/** Agrees with each to a visit of today, in which all is drawn without a tap. */
export async function openVisits(
  { agreeToVisit }: Credit,
  newId: NewId,
  { lenderId, personIds }: { lenderId: LenderId; personIds: readonly PersonId[] },
): Promise<void> {
  for (const personId of personIds) {
    await agreeToVisit(
      {
        lenderId,
        visitId: newId<'CreditVisit'>(),
        personId,
        careHospitalId: CARE,
        visitNo: null,
        isStay: true,
        reserveFen: fen(AMOUNT_FEN),
        way: null,
        consentVersion: 'v1',
      },
      ACTOR,
    )
  }
}

/** Quoted beforehand: what payments would ask for once the payer consents. */
export async function orderFor(
  { source }: Credit,
  newId: NewId,
  personId: PersonId,
): Promise<ChargeOrder> {
  const paymentId: Id<'Payment'> = newId<'Payment'>()
  const quoted = await source.quote(CALL, {
    hospitalId: CARE,
    paymentId,
    personId,
    payables: [],
    useAccount: false,
    wanted: true,
    left: Promise.resolve({ leftFen: fen(AMOUNT_FEN), paid: [] }),
  })
  if (quoted.outcome !== 'quoted') throw new Error(`no draw is offered: ${quoted.code}`)
  const tenderId = newId<'Tender'>()
  const now = systemClock.now()
  return {
    hospitalId: CARE,
    paymentId,
    tenderId,
    tradeNo: tradeNoOf(CARE, tenderId),
    amountFen: fen(AMOUNT_FEN),
    parts: quoted.parts,
    quoteReference: quoted.quoteReference,
    description: '门诊费用',
    payerAccount: null,
    method: null,
    presence: null,
    createdAt: now,
    expiresAt: now,
  }
}
