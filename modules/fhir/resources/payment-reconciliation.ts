import type { HospitalId } from '../../../kernel/id.ts'
import { fen, negateFen, subtractFen } from '../../../kernel/money.ts'
import { businessDate, toShanghaiIso } from '../../../kernel/time.ts'
import type { ListOfDay } from '../../reconciliation/index.ts'
import { HL7, hospitalReference } from '../elements.ts'
import { listIdOf } from '../ids.ts'
import { moneyOf } from '../json.ts'
import { spanOf, written } from '../search/dates.ts'
import { date, type Parameter, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'

export type PaymentReconciliationSource = { hospitalId: HospitalId; list: ListOfDay }

/** The newest list of one party for one day, and how it compared. Its lines are the hub's own route to show. */
export const toPaymentReconciliation = ({ hospitalId, list }: PaymentReconciliationSource) => ({
  resourceType: 'PaymentReconciliation' as const,
  id: listIdOf(list.businessDate, list.source) ?? '',
  meta: { lastUpdated: list.receivedAt.toISOString(), versionId: String(list.version) },
  identifier: [{ system: 'urn:yiqiao:list-sha256', value: list.sha256 }],
  status: 'active',
  period: { start: list.businessDate, end: list.businessDate },
  created: toShanghaiIso(list.receivedAt),
  paymentIssuer: {
    type: 'Organization',
    identifier: { system: 'urn:yiqiao:provider', value: list.source },
  },
  requestor: hospitalReference(hospitalId),
  outcome: outcomeOf(list),
  disposition: `${list.lineCount} lines, ${list.openDifferences} differences open`,
  paymentDate: list.businessDate,
  paymentAmount: moneyOf(subtractFen(list.chargeFen, list.returnFen)),
  detail: [
    {
      type: { coding: [{ system: `${HL7}/payment-type`, code: 'payment' }] },
      date: list.businessDate,
      amount: moneyOf(list.chargeFen),
    },
    {
      type: { coding: [{ system: `${HL7}/payment-type`, code: 'adjustment' }] },
      date: list.businessDate,
      amount: moneyOf(negateFen(list.returnFen)),
    },
  ],
})

/** queued: not compared yet. partial: something of it is open. */
function outcomeOf({ isCompared, openDifferences }: ListOfDay): string {
  if (!isCompared) return 'queued'
  return openDifferences === 0 ? 'complete' : 'partial'
}

type PaymentReconciliation = ReturnType<typeof toPaymentReconciliation>

const parameters: Parameter<PaymentReconciliation>[] = [
  date('period', 'The business date', (list) => spanOf(list.period)),
  token('outcome', 'complete, partial, queued', (list) => [list.outcome]),
  token(
    'payment-issuer',
    'Whose list it is: the hub’s own parameter',
    ({ paymentIssuer: { identifier } }) => [{ system: identifier.system, code: identifier.value }],
  ),
  date('created', 'When it came', (list) => written(list.created)),
  date('_lastUpdated', 'The same', ({ meta }) => written(meta.lastUpdated)),
]

export const paymentReconciliationType: FhirType<
  PaymentReconciliationSource,
  PaymentReconciliation
> = {
  type: 'PaymentReconciliation',
  documentation:
    'The newest list of one party for one business date, and how it compared with ours',
  toResource: toPaymentReconciliation,
  parameters,
  example: {
    hospitalId: 1 as HospitalId,
    list: {
      businessDate: businessDate('2026-11-20'),
      source: 'wechat',
      version: 1,
      sha256: 'a'.repeat(64),
      lineCount: 3,
      chargeFen: fen(30_000),
      returnFen: fen(1_000),
      receivedAt: new Date('2026-11-21T02:00:00Z'),
      isCompared: true,
      openDifferences: 0,
    },
  },
}
