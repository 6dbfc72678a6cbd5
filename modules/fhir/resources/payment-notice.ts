import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import { extensionUrl, HL7, hospitalReference, SYSTEMS } from '../elements.ts'
import { idOf } from '../ids.ts'
import { moneyOf } from '../json.ts'
import { written } from '../search/dates.ts'
import { date, type Parameter, reference, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'

/** A payment that succeeded. */
export type PaymentNoticeSource = {
  hospitalId: HospitalId
  id: string
  paymentNo: string
  totalFen: Fen
  /** All of it has gone back. */
  isRefunded: boolean
  paidAt: Date
  succeededAt: Date
  billNos: readonly string[]
}

export const toPaymentNotice = (source: PaymentNoticeSource) => {
  const { hospitalId, paymentNo, billNos, paidAt, succeededAt, isRefunded } = source
  const invoices = billNos.flatMap((billNo) => {
    const id = idOf(billNo)
    return id === null ? [] : [{ reference: `Invoice/${id}` }]
  })
  const [first, ...others] = invoices
  const payment = { system: SYSTEMS.paymentNo, value: paymentNo }
  return {
    resourceType: 'PaymentNotice' as const,
    id: source.id,
    meta: { lastUpdated: succeededAt.toISOString() },
    // R4 has one request for one notice; a payment of several bills names the others here.
    ...(others.length === 0
      ? {}
      : {
          extension: others.map((invoice) => ({
            url: extensionUrl('further-request'),
            valueReference: invoice,
          })),
        }),
    identifier: [payment],
    status: isRefunded ? 'cancelled' : 'active',
    ...(first === undefined ? {} : { request: first }),
    created: toShanghaiIso(succeededAt),
    provider: hospitalReference(hospitalId),
    payment: { type: 'PaymentReconciliation', identifier: payment },
    paymentDate: toShanghaiIso(paidAt).slice(0, DATE_CHARACTERS),
    recipient: hospitalReference(hospitalId),
    amount: moneyOf(source.totalFen),
    paymentStatus: { coding: [{ system: `${HL7}/paymentstatus`, code: 'paid' }] },
  }
}

const DATE_CHARACTERS = 10

type PaymentNotice = ReturnType<typeof toPaymentNotice>

const parameters: Parameter<PaymentNotice>[] = [
  {
    name: 'patient',
    type: 'reference',
    documentation: 'Whose payment it was. The hub’s own: R4 has none, and the notice names nobody',
    values: null,
  },
  token('status', 'active; cancelled when all of it has gone back', (notice) => [notice.status]),
  token('identifier', 'The number of the payment', ({ identifier }) =>
    identifier.map(({ system, value }) => ({ system, code: value })),
  ),
  reference('request', 'Invoice/<id>', ({ request, extension = [] }) => [
    request,
    ...extension.map(({ valueReference }) => valueReference),
  ]),
  date('created', 'When the hospital gave its receipt', (notice) => written(notice.created)),
  date('_lastUpdated', 'The same', ({ meta }) => written(meta.lastUpdated)),
]

export const paymentNoticeType: FhirType<PaymentNoticeSource, PaymentNotice> = {
  type: 'PaymentNotice',
  documentation: 'A payment that succeeded: the hospital has given its receipt',
  toResource: toPaymentNotice,
  parameters,
  example: {
    hospitalId: 1 as HospitalId,
    id: '0190b3a0-0000-7000-8000-00000000000d',
    paymentNo: '0001ZZZZZZZZZZZZZZZZZZZZZ',
    totalFen: fen(12_340),
    isRefunded: false,
    paidAt: new Date('2026-11-23T02:00:00Z'),
    succeededAt: new Date('2026-11-23T02:00:03Z'),
    billNos: ['MZ_20261123_01', 'MZ_20261123_02'],
  },
}
