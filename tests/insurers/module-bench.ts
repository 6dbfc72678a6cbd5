import { createNewId, type HospitalId, type Id } from '../../kernel/id.ts'
import { addFen, type Fen, fen } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { createInsurance } from '../../modules/insurance/index.ts'
import type {
  ChargeOrder,
  Payable,
  ProviderCall,
  QuoteAnswer,
  QuoteRequest,
} from '../../modules/payments/index.ts'
import type { Db } from '../../platform/db.ts'
import { department, doctor, type local, type NationalBench } from './national-bench.ts'

// The module of the medical insurance on a database, with the adapter and a simulated centre behind it.

export const HOSPITAL = 31 as HospitalId
export const REGION = '999900'

type Holder = { person: typeof local; voucherToken: string | null }

export function createModuleBench(
  db: Db,
  bench: NationalBench,
  seed = 'module',
  hospitalId = HOSPITAL,
) {
  const { clock, centre, mobile } = bench
  const newId = createNewId(clock, seededRandom(seed))
  const holders = new Map<Id<'Person'>, Holder>()
  const call: ProviderCall = { hospitalId, trace: () => undefined }
  const platform = { db, clock, newId }
  const centreOf = () => Promise.resolve(centre)
  /** A process of its own. */
  const start = (inFlightMs = 15_000) =>
    createInsurance({
      ...platform,
      centreOf,
      nationalOf: centreOf,
      mobileOf: () => Promise.resolve(mobile),
      insuredPerson(id) {
        const holder = holders.get(id)
        if (!holder) return Promise.resolve(null)
        const { person, voucherToken } = holder
        return Promise.resolve({ voucherToken, idCardNo: person.idCardNo, name: person.name })
      },
      options: { inFlightMs },
    })
  return {
    ...platform,
    hospitalId,
    call,
    start,
    holders,
    /** Somebody who shows the code of their voucher, unless told to come without. */
    holderOf(person: typeof local, voucherToken: string | null = person.media.insuranceVoucher) {
      const personId = newId<'Person'>()
      holders.set(personId, { person, voucherToken })
      return personId
    },
    request: (personId: Id<'Person'>, payables: Payable[]): QuoteRequest => ({
      hospitalId,
      paymentId: newId<'Payment'>(),
      personId,
      payables,
      useAccount: true,
      wanted: null,
      left: Promise.resolve({ leftFen: addFen(...payables.map((p) => p.totalFen)), paid: [] }),
    }),
    orderOf(request: QuoteRequest, answer: QuoteAnswer): ChargeOrder {
      if (answer.outcome !== 'quoted') throw new Error(`not quoted: ${JSON.stringify(answer)}`)
      const tenderId = newId<'Tender'>()
      const now = clock.now()
      return {
        hospitalId,
        paymentId: request.paymentId,
        tenderId,
        tradeNo: tradeNoOf(hospitalId, tenderId),
        amountFen: addFen(...answer.parts.map((part) => part.amountFen)),
        parts: answer.parts,
        quoteReference: answer.quoteReference,
        description: '门诊费用',
        payerAccount: null,
        method: null,
        presence: null,
        createdAt: now,
        expiresAt: now,
      }
    },
  }
}

export type ModuleBench = ReturnType<typeof createModuleBench>

/** Example OP-1: 638.00 = own 98 + over the limit 18 + first share 64 + in scope 458. */
const EXAMPLE: [code: string, amountFen: number][] = [
  ['XC01', 98_00],
  ['XB20L', 118_00],
  ['XB20', 220_00],
  ['XA01', 202_00],
]

export function exampleBill(billNo: string, billedAt: Date, amounts = EXAMPLE): Payable {
  const lines = amounts.map(([code, amountFen], i) => ({
    billNo,
    lineNo: i + 1,
    code: `local-${code}`,
    nationalCode: code,
    name: code,
    spec: '',
    unit: '次',
    chargeCategory: '09',
    insuranceClass: 'A' as const,
    unitPriceFen: fen(amountFen),
    quantity: 1,
    amountFen: fen(amountFen),
  }))
  return {
    billNo,
    version: 1,
    visitNo: `V-${billNo}`,
    patientNo: 'PT-1',
    kind: 'outpatient',
    title: '呼吸内科 张医生',
    department,
    doctor,
    diagnosis: { code: 'J06.900', name: '急性上呼吸道感染' },
    billedAt,
    totalFen: addFen(...lines.map((line): Fen => line.amountFen)),
    lines,
  }
}
