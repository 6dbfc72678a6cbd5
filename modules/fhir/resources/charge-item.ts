import type { HospitalId } from '../../../kernel/id.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import type { KeptBill } from '../../billing/index.ts'
import { hospitalReference, patientReference, SYSTEMS } from '../elements.ts'
import { idOf, lineIdOf } from '../ids.ts'
import { Decimal, moneyOf } from '../json.ts'
import { written } from '../search/dates.ts'
import { date, type Parameter, reference, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'
import { billExample } from './invoice.ts'

type Line = KeptBill['payable']['lines'][number]

export type ChargeItemSource = { hospitalId: HospitalId; bill: KeptBill; line: Line }

/** A line of a bill: with its drug, examination or service. */
export const toChargeItem = ({ hospitalId, bill, line }: ChargeItemSource) => {
  const { payable, status, readAt, personId } = bill
  const invoice = idOf(payable.billNo)
  return {
    resourceType: 'ChargeItem' as const,
    id: lineIdOf(line.billNo, line.lineNo) ?? '',
    meta: { lastUpdated: readAt.toISOString() },
    identifier: [
      {
        system: SYSTEMS.ofHospital(hospitalId, 'bill-no'),
        value: `${line.billNo}#${line.lineNo}`,
      },
    ],
    status: STATUS[status],
    code: {
      coding: [
        { system: SYSTEMS.ofHospital(hospitalId, 'charge-item'), code: line.code },
        ...(line.nationalCode === ''
          ? []
          : [{ system: 'urn:yiqiao:national-item', code: line.nationalCode }]),
      ],
      text: [line.name, line.spec].filter((part) => part !== '').join(' '),
    },
    subject: patientReference(personId),
    occurrenceDateTime: toShanghaiIso(payable.billedAt),
    performingOrganization: hospitalReference(hospitalId),
    quantity: {
      value: new Decimal(String(line.quantity)),
      ...(line.unit === '' ? {} : { unit: line.unit }),
    },
    priceOverride: moneyOf(line.amountFen),
    enteredDate: toShanghaiIso(payable.billedAt),
    ...(invoice === null ? {} : { supportingInformation: [{ reference: `Invoice/${invoice}` }] }),
  }
}

const STATUS: Record<KeptBill['status'], string> = {
  open: 'billable',
  paid: 'billed',
  part_refunded: 'billed',
  refunded: 'billed',
  void: 'aborted',
}

type ChargeItem = ReturnType<typeof toChargeItem>

const parameters: Parameter<ChargeItem>[] = [
  reference('patient', 'Whose it is', (item) => [item.subject]),
  reference('subject', 'The same', (item) => [item.subject]),
  token('code', 'The hospital’s own code, or the national one', (item) => [item.code]),
  date('occurrence', 'When it was billed', (item) => written(item.occurrenceDateTime)),
  date('_lastUpdated', 'When the hospital last said so', ({ meta }) => written(meta.lastUpdated)),
]

export const chargeItemType: FhirType<ChargeItemSource, ChargeItem> = {
  type: 'ChargeItem',
  documentation: 'A line of a bill',
  toResource: toChargeItem,
  parameters,
  example: {
    hospitalId: 1 as HospitalId,
    bill: billExample,
    line: billExample.payable.lines[0] as Line,
  },
}
