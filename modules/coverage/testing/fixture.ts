import { createHash } from 'node:crypto'

import type { HospitalId, Id } from '../../../kernel/id.ts'
import { addFen, type Fen, fen, ZERO } from '../../../kernel/money.ts'
import { addMs, businessDate, DAY_MS } from '../../../kernel/time.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { createAudit } from '../../../platform/audit.ts'
import type { Db } from '../../../platform/db.ts'
import { createPublish } from '../../../platform/events.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { wakeBySweep } from '../../../platform/wake.ts'
import type {
  ChargeOrder,
  LeftToPay,
  Payable,
  PayableLine,
  ProviderCall,
  QuoteAnswer,
  QuoteRequest,
  RefundOrder,
} from '../../payments/index.ts'
import type { ConsentPurpose, ConsentScope } from '../consent.ts'
import { createCoverage } from '../coverage.ts'
import type { Dependencies } from '../dependencies.ts'
import type { ClaimDocument, Insurer, Policy } from '../insurer.ts'
import { MemoryInsurer } from './memory-insurer.ts'

export const HOSPITAL = 17 as HospitalId
export const IN_FLIGHT_MS = 15_000
export const VERSION = '2026-11'

/** The module on a database, with insurers that remember and one person who has policies there. */
export function createFixture(db: Db, seed = 'coverage', { refundsParts = false } = {}) {
  const platform = testPlatform('2026-11-23T10:00:00+08:00', seed)
  const { clock, newId } = platform
  const insurer = new MemoryInsurer(clock, { refundsParts })
  const other = new MemoryInsurer(clock, { code: 'other', refundsParts })
  insurer.policies.set('CARD', [policy('P-1')])
  other.policies.set('CARD', [policy('Q-1')])
  const insurers = new Map<string, Insurer>([insurer, other].map((one) => [one.code, one]))
  const personId = newId<'Person'>()
  const actor = { name: `person:${personId}`, requestId: null }
  /** What others have of the payment's papers; null while it has not succeeded. */
  const others: { papers: ClaimDocument[] | null } = {
    papers: [document('receipt'), document('summary')],
  }
  const call: ProviderCall = { hospitalId: HOSPITAL, trace: () => undefined }
  /** A process of its own: nothing is shared with another but database and insurers. */
  const start = (changes: Partial<Dependencies> = {}) => {
    const coverage = createCoverage({
      ...groundOf(platform, db),
      insurersOf: () => Promise.resolve(insurers),
      holderOf: (id) =>
        Promise.resolve(id === personId ? { name: '张三', idCardNo: 'CARD' } : null),
      papersOf: () => Promise.resolve(others.papers),
      options: { inFlightMs: IN_FLIGHT_MS },
      ...changes,
    })
    return { ...coverage, ...coverage.source }
  }
  const consent = (
    purpose: ConsentPurpose,
    scope: ConsentScope[] = [],
    insurerCode = insurer.code,
  ) =>
    start().consent(
      HOSPITAL,
      personId,
      { insurerCode, purpose, version: VERSION, scope, expiresAt: addMs(clock.now(), 90 * DAY_MS) },
      actor,
    )
  const bind = async (policyNo = 'P-1', insurerCode = insurer.code) => {
    await consent('policy_check', [], insurerCode)
    return start().bind(HOSPITAL, personId, { insurerCode, policyNo }, actor)
  }
  const quoteRequest = (left = leftOf(20_000), payables = [payable()]): QuoteRequest => ({
    hospitalId: HOSPITAL,
    paymentId: newId<'Payment'>(),
    personId,
    payables,
    useAccount: true,
    wanted: null,
    left: Promise.resolve(left),
  })
  return {
    ...platform,
    db,
    insurer,
    other,
    insurers,
    personId,
    actor,
    others,
    call,
    start,
    consent,
    bind,
    quoteRequest,
  }
}

/** What the module stands on besides insurers and people, as in the hub. */
const groundOf = (platform: ReturnType<typeof testPlatform>, db: Db) => ({
  ...platform,
  db,
  audit: createAudit(platform),
  publish: createPublish({ ...platform, wake: wakeBySweep }),
})

export type Fixture = ReturnType<typeof createFixture>

export const policy = (policyNo: string, changes: Partial<Policy> = {}): Policy => ({
  policyNo,
  product: { code: 'OP', name: '门诊险' },
  state: 'in_force',
  validFrom: businessDate('2026-01-01'),
  validUntil: businessDate('2026-12-31'),
  terms: {
    deductibleFen: ZERO,
    deductibleUsedFen: ZERO,
    ratioPpm: 800_000,
    capFen: fen(1_000_000),
    paidFen: ZERO,
    waitingUntil: null,
    excludedCategories: [],
    excludedClasses: [],
  },
  ...changes,
})

export const document = (kind: ClaimDocument['kind']): ClaimDocument => {
  const content = Buffer.from(kind)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { kind, documentNo: kind, title: kind, contentType: 'text/plain', content, sha256 }
}

/** 400.00 of which the medical insurance leaves so much. */
export const leftOf = (leftFen: number): LeftToPay => ({
  leftFen: fen(leftFen),
  paid: [
    {
      provider: 'insurance',
      place: 'medical_insurance',
      parts: [{ kind: 'pooled', amountFen: fen(40_000 - leftFen) }],
    },
  ],
})

const line = (lineNo: number, amountFen: number): PayableLine => ({
  billNo: 'B-1',
  lineNo,
  code: `C${lineNo}`,
  nationalCode: `N${lineNo}`,
  name: `药品${lineNo}`,
  spec: '',
  unit: '盒',
  chargeCategory: '09',
  insuranceClass: 'A',
  unitPriceFen: fen(amountFen),
  quantity: 1,
  amountFen: fen(amountFen),
})

export const LINES = [line(1, 30_000), line(2, 10_000)]

const payable = (changes: Partial<Payable> = {}): Payable => ({
  billNo: 'B-1',
  version: 1,
  visitNo: 'V-1',
  patientNo: 'PT-1',
  kind: 'outpatient',
  title: '心内科 李医生',
  department: { code: 'D1', name: '心内科' },
  doctor: { code: 'DR1', name: '李医生' },
  diagnosis: { code: 'I10', name: '原发性高血压' },
  billedAt: new Date('2026-11-23T09:30:00+08:00'),
  totalFen: addFen(...LINES.map((one) => one.amountFen)),
  lines: LINES,
  ...changes,
})

export function chargeOrder(request: QuoteRequest, answer: QuoteAnswer): ChargeOrder {
  if (answer.outcome !== 'quoted') throw new Error(`not quoted: ${JSON.stringify(answer)}`)
  const tenderId = request.paymentId as string as Id<'Tender'>
  return {
    hospitalId: HOSPITAL,
    paymentId: request.paymentId,
    tenderId,
    tradeNo: tradeNoOf(HOSPITAL, tenderId),
    amountFen: addFen(...answer.parts.map((part) => part.amountFen)),
    parts: answer.parts,
    quoteReference: answer.quoteReference,
    description: '门诊费用 B-1',
    payerAccount: null,
    method: null,
    presence: null,
    createdAt: new Date('2026-11-23T10:00:00+08:00'),
    expiresAt: new Date('2026-11-23T10:15:00+08:00'),
  }
}

/** `amountFen`: what of the lines that go back the medical insurance has not given back. */
export function refundOrder(
  { newId }: Pick<Fixture, 'newId'>,
  charge: ChargeOrder,
  amountFen: Fen,
  remaining: readonly PayableLine[] = [],
): RefundOrder {
  const refundId = newId<'Refund'>()
  return {
    charge,
    chargeProviderNo: 'S?',
    refundId,
    refundNo: tradeNoOf(HOSPITAL, refundId),
    amountFen,
    remaining,
    reason: '退药',
    requestedAt: new Date('2026-11-23T10:05:00+08:00'),
  }
}

export async function quoted(fixture: Fixture, request = fixture.quoteRequest()) {
  return chargeOrder(request, await fixture.start().quote(fixture.call, request))
}

/** Quotes and settles a payment without trouble. */
export async function settled(fixture: Fixture, request = fixture.quoteRequest()) {
  const order = await quoted(fixture, request)
  const charged = await fixture.start().charge(fixture.call, order)
  if (charged.outcome !== 'confirmed') throw new Error(JSON.stringify(charged))
  return { order, move: charged.move }
}
