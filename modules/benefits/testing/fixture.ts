import type { HospitalId, Id } from '../../../kernel/id.ts'
import { type Fen, fen, ZERO } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { createAudit } from '../../../platform/audit.ts'
import { noCanaries } from '../../../platform/canary.ts'
import type { Db } from '../../../platform/db.ts'
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
import { createBenefits } from '../benefits.ts'
import { type BenefitsDependencies, USUAL_BENEFIT_RULES } from '../dependencies.ts'
import type {
  PackageTerms,
  PersonId,
  PointsTerms,
  ProgrammeId,
  SubsidyTerms,
  Terms,
  VoucherTerms,
} from '../programme.ts'
import type { Facts, Rule } from '../rule.ts'

export const HOSPITAL = 17 as HospitalId
export const ACTOR = systemActor('first')
export const SECOND = systemActor('second')
export const CALL: ProviderCall = { hospitalId: HOSPITAL, trace: () => undefined }
export const YES = { agrees: true, reason: '属实' }
export const EVERYBODY: Rule = { anyOf: [[]] }

export const FACTS: Facts = {
  ageYears: 67,
  inNeed: true,
  insured: true,
  residence: '330106',
  diagnoses: ['I10'],
}

export const subsidy = (changes: Partial<SubsidyTerms> = {}): SubsidyTerms => ({
  kind: 'subsidy',
  rule: { anyOf: [[{ fact: 'insured', is: true }]] },
  byGrant: false,
  sharePpm: 500_000,
  perVisitMostFen: null,
  perYearMostFen: null,
  categories: [],
  combines: true,
  position: 1,
  ...changes,
})

export const vouchers = (changes: Partial<VoucherTerms> = {}): VoucherTerms => ({
  kind: 'voucher',
  leastBillFen: ZERO,
  validDays: 90,
  categories: [],
  offers: [{ code: 'ten', points: 100, amountFen: fen(1_000) }],
  ...changes,
})

export const chronicPackage = (changes: Partial<PackageTerms> = {}): PackageTerms => ({
  kind: 'package',
  rule: EVERYBODY,
  priceFen: fen(36_500),
  validDays: 365,
  items: [{ code: 'GLU', name: '血糖', most: 3 }],
  ...changes,
})

export const points: PointsTerms = {
  kind: 'points',
  earn: [{ event: 'health_station', points: 60, perYearMost: 150 }],
}

export const line = (code: string, amount: number, quantity = 1, chargeCategory = '西药费') => ({
  billNo: 'B-1',
  lineNo: 1,
  code,
  nationalCode: '',
  name: code,
  spec: '',
  unit: '次',
  chargeCategory,
  insuranceClass: 'A' as const,
  unitPriceFen: fen(amount),
  quantity,
  amountFen: fen(amount),
})

/** The module on a database, in a hospital of its own where the test asks for one. */
export function createFixture(db: Db, seed: string, hospitalId = HOSPITAL) {
  const platform = testPlatform('2026-11-21T10:00:00+08:00', seed)
  const { clock, newId } = platform
  const facts = { ...FACTS }
  const deps: BenefitsDependencies = {
    db,
    clock,
    newId,
    audit: createAudit({ clock, newId }),
    ledger: createLedger({ clock, newId, canaries: noCanaries }),
    factsOf: async () => facts,
    rules: USUAL_BENEFIT_RULES,
  }
  const benefits = createBenefits(deps)

  const grant = (
    programmeId: ProgrammeId,
    personId: PersonId,
    amount: number | null,
    document = '批-1',
  ) =>
    benefits.entitlements.propose(
      {
        hospitalId,
        id: newId<'Entitlement'>(),
        programmeId,
        personId,
        amountFen: amount === null ? null : fen(amount),
        validUntil: businessDate('2026-12-31'),
        document,
        grounds: '低保',
      },
      ACTOR,
    )

  const budget = async (programmeId: ProgrammeId) =>
    (await benefits.programmes.get({ hospitalId, programmeId })).budget

  return {
    ...platform,
    facts,
    deps,
    benefits,
    programme: programmesOf(deps, benefits, hospitalId),
    grant,
    budget,
    ...orders(deps, benefits, hospitalId),
  }
}

export type Fixture = ReturnType<typeof createFixture>

/** A programme that two have agreed to, with its budget. */
const programmesOf =
  (
    { newId }: Pick<BenefitsDependencies, 'newId'>,
    benefits: ReturnType<typeof createBenefits>,
    hospitalId: HospitalId,
  ) =>
  async (terms: Terms, budgetFen: number): Promise<ProgrammeId> => {
    const id = newId<'BenefitProgramme'>()
    const made = {
      hospitalId,
      id,
      name: { zh: '补助', en: 'Aid' },
      funder: { kind: 'region' as const, code: '330106', name: '西湖区' },
      terms,
      startsOn: businessDate('2026-01-01'),
      endsOn: businessDate('2027-12-31'),
    }
    await benefits.programmes.create(made, ACTOR)
    const key = { hospitalId, programmeId: id }
    await benefits.programmes.decide(key, YES, SECOND)
    if (budgetFen > 0) {
      const gives = { amountFen: fen(budgetFen), document: '1号' }
      const { proposalId } = await benefits.programmes.allotTo(key, gives, ACTOR)
      if (proposalId) {
        await benefits.programmes.decideAllotment({ hospitalId, id: proposalId }, YES, SECOND)
      }
    }
    return id
  }

/** Quotes, and the orders that payments makes of them. */
function orders(
  { newId, clock }: BenefitsDependencies,
  { source }: ReturnType<typeof createBenefits>,
  hospitalId: HospitalId,
) {
  const requestOf = (
    personId: PersonId,
    left: number,
    lines = [line('X', left)],
  ): QuoteRequest => ({
    hospitalId,
    paymentId: newId<'Payment'>(),
    personId,
    payables: [payable(lines)],
    useAccount: false,
    wanted: null,
    left: Promise.resolve({ leftFen: fen(left), paid: [] }),
  })

  function orderOf(answer: QuoteAnswer, paymentId: Id<'Payment'>): ChargeOrder {
    if (answer.outcome !== 'quoted') throw new Error(`not quoted: ${JSON.stringify(answer)}`)
    const tenderId = newId<'Tender'>()
    return {
      hospitalId,
      paymentId,
      tenderId,
      tradeNo: tradeNoOf(hospitalId, tenderId),
      amountFen: answer.parts.reduce((sum, part) => fen(sum + part.amountFen), ZERO),
      parts: answer.parts,
      quoteReference: answer.quoteReference,
      description: '门诊费用 B-1',
      payerAccount: null,
      method: null,
      presence: null,
      createdAt: clock.now(),
      expiresAt: clock.now(),
    }
  }

  async function ordered(personId: PersonId, left: number, lines = [line('X', left)]) {
    const request = requestOf(personId, left, lines)
    return orderOf(await source.quote(CALL, request), request.paymentId)
  }

  async function taken(personId: PersonId, left: number, lines = [line('X', left)]) {
    const order = await ordered(personId, left, lines)
    const answer = await source.charge(CALL, order)
    if (answer.outcome !== 'confirmed') throw new Error(JSON.stringify(answer))
    return order
  }

  return { requestOf, ordered, taken, refundOf: refundsOf({ newId, clock }, hospitalId) }
}

/** With lines that stay, all that is not theirs is to go back; nobody else has paid but who pays the rest. */
const refundsOf =
  ({ newId, clock }: Pick<BenefitsDependencies, 'newId' | 'clock'>, hospitalId: HospitalId) =>
  (
    charge: ChargeOrder,
    amount: number,
    remaining: RefundOrder['remaining'] = [],
    leastBack = 0,
  ): RefundOrder => {
    const leftFen = remaining.reduce((sum, { amountFen }) => fen(sum + amountFen), ZERO)
    const stays = { leftFen, leastBackFen: fen(leastBack) }
    const refundId = newId<'Refund'>()
    return {
      charge,
      chargeProviderNo: `B${charge.tradeNo}`,
      refundId,
      refundNo: tradeNoOf(hospitalId, refundId),
      amountFen: fen(amount) as Fen,
      remaining,
      ...(remaining.length > 0 ? { stays } : {}),
      reason: '退药',
      requestedAt: clock.now(),
    }
  }

const payable = (lines: Payable['lines']): Payable => ({
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
  totalFen: fen(lines.reduce((sum, { amountFen }) => sum + amountFen, 0)),
  lines,
})
