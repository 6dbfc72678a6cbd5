import type { HospitalId, Id } from '../../../kernel/id.ts'
import { addFen, fen } from '../../../kernel/money.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import type { Db } from '../../../platform/db.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import type {
  ChargeOrder,
  Payable,
  PayableLine,
  ProviderCall,
  QuoteAnswer,
  QuoteRequest,
  RefundOrder,
} from '../../payments/index.ts'
import { createInsurance } from '../insurance.ts'
import { insured, MemoryCentre } from './memory-centre.ts'

export const HOSPITAL = 17 as HospitalId
export const IN_FLIGHT_MS = 15_000

/** The module on a database, with a centre that remembers and one person who is insured there. */
export function createFixture(db: Db, seed = 'insurance') {
  const platform = testPlatform('2026-11-21T10:00:00+08:00', seed)
  const { clock, newId } = platform
  const centre = new MemoryCentre(clock)
  centre.people.set('TOKEN', { psnNo: 'P1', ...insured(fen(5_000), '310') })
  const call: ProviderCall = { hospitalId: HOSPITAL, trace: () => undefined }
  const personId = newId<'Person'>()
  const holder = { voucherToken: 'TOKEN' as string | null, idCardNo: 'CARD', name: '张三' }
  /** A process of its own: nothing is shared with another but database and centre. */
  const start = () =>
    createInsurance({
      db,
      clock,
      newId,
      centreOf: () => Promise.resolve(centre),
      insuredPerson: (id) => Promise.resolve(id === personId ? { ...holder } : null),
      options: { inFlightMs: IN_FLIGHT_MS },
    })
  const quoteRequest = (payables = [payable()], useAccount = true): QuoteRequest => ({
    hospitalId: HOSPITAL,
    paymentId: newId<'Payment'>(),
    personId,
    payables,
    useAccount,
    wanted: null,
    left: Promise.resolve({ leftFen: addFen(...payables.map((p) => p.totalFen)), paid: [] }),
  })
  return { ...platform, db, centre, call, holder, personId, start, quoteRequest }
}

export type Fixture = ReturnType<typeof createFixture>

/** 388.50: class A 300.00, class B 80.00, class C 8.50. In scope 372.00, of which the fund pays 190.40. */
export const payable = (lines = LINES, billNo = 'B-1'): Payable => ({
  billNo,
  version: 1,
  visitNo: 'V-1',
  patientNo: 'PT-1',
  kind: 'outpatient',
  title: '心内科 李医生',
  department: { code: 'D1', name: '心内科' },
  doctor: { code: 'DR1', name: '李医生' },
  diagnosis: { code: 'I10', name: '原发性高血压' },
  billedAt: new Date('2026-11-21T09:30:00+08:00'),
  totalFen: addFen(...lines.map((line) => line.amountFen)),
  lines,
})

const line = (lineNo: number, code: string, amountFen: number): PayableLine => ({
  billNo: 'B-1',
  lineNo,
  code,
  nationalCode: `N-${code}`,
  name: code,
  spec: '',
  unit: '盒',
  chargeCategory: '09',
  insuranceClass: 'A',
  unitPriceFen: fen(amountFen),
  quantity: 1,
  amountFen: fen(amountFen),
})

export const LINES = [line(1, 'A1', 30_000), line(2, 'B1', 8_000), line(3, 'C1', 850)]
/** 190.40 from the fund and the whole account of 50.00. */
export const PARTS = [
  { kind: 'pooled', amountFen: fen(19_040) },
  { kind: 'account', amountFen: fen(5_000) },
]

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
    createdAt: new Date('2026-11-21T10:00:00+08:00'),
    expiresAt: new Date('2026-11-21T10:15:00+08:00'),
  }
}

export const refundOrder = (
  { newId }: Pick<Fixture, 'newId'>,
  charge: ChargeOrder,
  remaining: readonly PayableLine[] = [],
): RefundOrder => ({
  charge,
  chargeProviderNo: 'S?',
  refundId: newId<'Refund'>(),
  refundNo: 'R',
  amountFen: fen(0),
  remaining,
  reason: '退药',
  requestedAt: new Date('2026-11-21T10:05:00+08:00'),
})

/** Quotes and settles a payment without trouble. */
export async function settled(fixture: Fixture, request = fixture.quoteRequest()) {
  const insurance = fixture.start()
  const order = chargeOrder(request, await insurance.quote(fixture.call, request))
  const charged = await insurance.charge(fixture.call, order)
  if (charged.outcome !== 'confirmed') throw new Error(JSON.stringify(charged))
  return { insurance, order, move: charged.move }
}
