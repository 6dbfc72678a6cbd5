import Type from 'typebox'

import { fen } from '../../../kernel/money.ts'
import type { HisBill, HisBillItem } from './data.ts'
import {
  agree,
  agreeUnique,
  amountFen,
  instant,
  lineNo,
  number,
  shortText,
  sumFen,
  text,
  toInstant,
  version,
} from './reading.ts'

const coded = Type.Object({ code: text(30), name: text(200) })

const itemSchema = Type.Object({
  lineNo,
  code: text(60),
  nationalCode: text(60),
  name: text(200),
  spec: text(200),
  unit: text(60),
  chargeCategory: Type.String({ pattern: '^\\d{2}$' }),
  insuranceClass: Type.Enum(['A', 'B', 'C']),
  unitPriceFen: amountFen,
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  amountFen,
  status: Type.Enum(['charged', 'dispensed', 'refunded']),
})

export const Bill = Type.Object({
  billNo: number(30),
  version,
  kind: Type.Enum(['registration', 'outpatient']),
  visitNo: number(30),
  patientNo: number(30),
  department: coded,
  doctor: coded,
  diagnosis: coded,
  createdAt: instant,
  totalFen: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  status: Type.Enum(['open', 'paid', 'void', 'part_refunded', 'refunded']),
  paymentNo: Type.Union([shortText, Type.Null()]),
  receiptNo: Type.Union([shortText, Type.Null()]),
  items: Type.Array(itemSchema, { minItems: 1, maxItems: 500 }),
})

/** Errors: a Contradiction for a bill that does not add up, or has one line twice. */
export function toBill(wire: Type.Static<typeof Bill>): HisBill {
  const { billNo } = wire
  const items = wire.items.map((item) => toItem(billNo, item))
  agreeUnique(
    items.map((item) => item.lineNo),
    `a line of bill ${billNo}`,
  )
  const sum = sumFen(items.map((item) => item.amountFen))
  agree(sum === wire.totalFen, `bill ${billNo}: its items add up to ${sum}, not ${wire.totalFen}`)
  return {
    billNo,
    version: wire.version,
    kind: wire.kind,
    visitNo: wire.visitNo,
    patientNo: wire.patientNo,
    department: toCoded(wire.department),
    doctor: toCoded(wire.doctor),
    diagnosis: toCoded(wire.diagnosis),
    createdAt: toInstant(wire.createdAt),
    totalFen: sum,
    status: wire.status,
    paymentNo: wire.paymentNo,
    receiptNo: wire.receiptNo,
    items,
  }
}

function toItem(billNo: string, wire: Type.Static<typeof itemSchema>): HisBillItem {
  const product = BigInt(wire.unitPriceFen) * BigInt(wire.quantity)
  agree(
    product === BigInt(wire.amountFen),
    `bill ${billNo}, line ${wire.lineNo}: unit price times quantity is ${product}, not ${wire.amountFen}`,
  )
  return {
    lineNo: wire.lineNo,
    code: wire.code,
    nationalCode: wire.nationalCode,
    name: wire.name,
    spec: wire.spec,
    unit: wire.unit,
    chargeCategory: wire.chargeCategory,
    insuranceClass: wire.insuranceClass,
    unitPriceFen: fen(wire.unitPriceFen),
    quantity: wire.quantity,
    amountFen: fen(wire.amountFen),
    status: wire.status,
  }
}

// Field by field, so that what a HIS adds of its own accord goes no further.
const toCoded = ({ code, name }: Type.Static<typeof coded>) => ({ code, name })
