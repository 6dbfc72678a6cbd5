import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import type { KeptBill } from '../../billing/index.ts'
import { hospitalReference, patientReference, SYSTEMS } from '../elements.ts'
import { idOf, lineIdOf } from '../ids.ts'
import { moneyOf } from '../json.ts'
import { written } from '../search/dates.ts'
import { date, type Parameter, reference, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'

export type InvoiceSource = {
  hospitalId: HospitalId
  bill: KeptBill
  /** Amounts without what the person was treated with or by whom: all that a bank or an app is shown. */
  isPlain: boolean
}

export const toInvoice = ({ hospitalId, bill, isPlain }: InvoiceSource) => {
  const { payable, status, readAt, personId } = bill
  const total = moneyOf(payable.totalFen)
  return {
    resourceType: 'Invoice' as const,
    id: idOf(payable.billNo) ?? '',
    meta: { lastUpdated: readAt.toISOString() },
    identifier: [{ system: SYSTEMS.ofHospital(hospitalId, 'bill-no'), value: payable.billNo }],
    status: STATUS[status],
    type: {
      coding: [{ system: 'urn:yiqiao:bill-kind', code: payable.kind }],
      text: payable.kind === 'registration' ? '挂号费' : '门诊费用',
    },
    subject: patientReference(personId),
    date: toShanghaiIso(payable.billedAt),
    issuer: hospitalReference(hospitalId),
    ...(isPlain || payable.lines.length === 0
      ? {}
      : { lineItem: payable.lines.map((line) => lineItemOf(line)) }),
    totalNet: total,
    totalGross: total,
  }
}

type Line = KeptBill['payable']['lines'][number]

function lineItemOf(line: Line) {
  const chargeItem = lineIdOf(line.billNo, line.lineNo)
  return {
    sequence: line.lineNo,
    ...(chargeItem === null
      ? { chargeItemCodeableConcept: { text: line.name } }
      : { chargeItemReference: { reference: `ChargeItem/${chargeItem}`, display: line.name } }),
    priceComponent: [
      { type: 'base', code: { text: line.chargeCategory }, amount: moneyOf(line.amountFen) },
    ],
  }
}

/** What is given back of a bill that was paid leaves it paid: the refund is the payment's. */
const STATUS: Record<KeptBill['status'], string> = {
  open: 'issued',
  paid: 'balanced',
  part_refunded: 'balanced',
  refunded: 'balanced',
  void: 'cancelled',
}

type Invoice = ReturnType<typeof toInvoice>

const parameters: Parameter<Invoice>[] = [
  reference('patient', 'Whose it is', (invoice) => [invoice.subject]),
  reference('subject', 'The same', (invoice) => [invoice.subject]),
  token('status', 'issued, balanced, cancelled', (invoice) => [invoice.status]),
  token('identifier', 'The number of the bill', ({ identifier }) =>
    identifier.map(({ system, value }) => ({ system, code: value })),
  ),
  token('type', 'registration, outpatient', (invoice) => [invoice.type]),
  date('date', 'When it was billed', (invoice) => written(invoice.date)),
  date('_lastUpdated', 'When the hospital last said so', ({ meta }) => written(meta.lastUpdated)),
]

export const billExample: KeptBill = {
  personId: '0190b3a0-0000-7000-8000-000000000001' as KeptBill['personId'],
  status: 'open',
  readAt: new Date('2026-11-23T02:00:00Z'),
  payable: {
    billNo: 'MZ_20261123_01',
    version: 1,
    visitNo: 'V1',
    patientNo: 'P000123',
    kind: 'outpatient',
    title: '心内科 李静',
    department: { code: 'NK01', name: '心内科' },
    doctor: { code: 'D001', name: '李静' },
    diagnosis: { code: 'I10.x00', name: '高血压病' },
    billedAt: new Date('2026-11-23T01:30:00Z'),
    totalFen: fen(12_340),
    lines: [
      {
        billNo: 'MZ_20261123_01',
        lineNo: 1,
        code: 'YP0001',
        nationalCode: 'XC08CAA021A001010104049',
        name: '氨氯地平片',
        spec: '5mg*28片',
        unit: '盒',
        chargeCategory: '09',
        insuranceClass: 'A',
        unitPriceFen: fen(6_170),
        quantity: 2,
        amountFen: fen(12_340),
      },
    ],
  },
}

export const invoiceType: FhirType<InvoiceSource, Invoice> = {
  type: 'Invoice',
  documentation: 'A bill as the hospital’s system last described it',
  toResource: toInvoice,
  parameters,
  example: { hospitalId: 1 as HospitalId, bill: billExample, isPlain: false },
}
