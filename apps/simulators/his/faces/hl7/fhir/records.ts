import type { Fen } from '../../../../../../kernel/money.ts'
import { findBill, listBills, viewOf } from '../../../bill-rows.ts'
import type { His } from '../../../context.ts'
import { findPatient, type PatientView } from '../../../patients.ts'
import type { Bill, BillStatus } from '../../../protocol.ts'
import { personOf } from '../../../registry.ts'
import { findReport, listReports, type Report, type ReportContent } from '../../../reports.ts'
import { preSettleStay } from '../../../stay-money.ts'
import { chargesOf, findStay, listStays, type Stay, type StayItem } from '../../../stays.ts'
import { currentNo, patientBy } from '../merges.ts'
import { reportBy } from '../news.ts'
import { dayOfInstant } from './directory.ts'
import type { ResourceType } from './resource-type.ts'
import {
  concept,
  decimal,
  extension,
  HL7,
  ID_CARD,
  identifier,
  money,
  reference,
  type Resource,
  urn,
} from './resource.ts'

// What the hospital holds of somebody: the file, bills, stays and reports.

const patient = (view: PatientView): Resource => ({
  resourceType: 'Patient',
  id: view.patientNo,
  identifier: [
    { use: 'usual', ...identifier('patient', view.patientNo) },
    identifier('card', view.cardNo),
    { use: 'official', system: ID_CARD, value: view.idCardNo },
  ],
  active: true,
  name: [{ use: 'official', text: view.name }],
  telecom: [{ system: 'phone', value: view.phone }],
  gender: view.gender,
  birthDate: view.birthDate,
})

/** The file of a number that was merged says which is left. */
function readPatient(his: His, id: string): Resource | null {
  const view = findPatient(his, { patientNo: id })
  if (!view) return null
  const current = currentNo(his, id)
  if (current === id) return patient(view)
  const link = [{ other: reference('Patient', current), type: 'replaced-by' }]
  return { ...patient(view), active: false, link }
}

const invoice = (bill: Bill): Resource => ({
  resourceType: 'Invoice',
  id: bill.billNo,
  meta: { versionId: String(bill.version) },
  identifier: [identifier('bill', bill.billNo)],
  status: INVOICE_STATUSES[bill.status],
  type: concept(urn('bill-kind'), {
    code: bill.kind,
    name: bill.kind === 'registration' ? '挂号' : '门诊',
  }),
  subject: reference('Patient', bill.patientNo),
  date: bill.createdAt,
  participant: [{ actor: reference('Practitioner', bill.doctor.code, bill.doctor.name) }],
  issuer: reference('Organization', bill.department.code, bill.department.name),
  lineItem: bill.items.map((item) => ({
    sequence: item.lineNo,
    chargeItemReference: reference('ChargeItem', `${bill.billNo}-${item.lineNo}`, item.name),
    priceComponent: [{ type: 'base', amount: money(item.amountFen) }],
  })),
  totalGross: money(bill.totalFen),
  extension: [
    extension('bill-status', { valueCode: bill.status }),
    extension('visit', { valueReference: reference('Encounter', bill.visitNo) }),
    extension('diagnosis', { valueCoding: { ...coded(bill.diagnosis) } }),
    ...(bill.paymentNo === null ? [] : [extension('payment', { valueString: bill.paymentNo })]),
    ...(bill.receiptNo === null ? [] : [extension('receipt', { valueString: bill.receiptNo })]),
  ],
})

const coded = ({ code, name }: { code: string; name: string }) => ({
  system: 'http://hl7.org/fhir/sid/icd-10',
  code,
  display: name,
})

const INVOICE_STATUSES: Record<BillStatus, string> = {
  open: 'issued',
  paid: 'balanced',
  part_refunded: 'balanced',
  refunded: 'balanced',
  void: 'cancelled',
}

const chargeItems = (bill: Bill): Resource[] =>
  bill.items.map((item) => ({
    resourceType: 'ChargeItem',
    id: `${bill.billNo}-${item.lineNo}`,
    status: item.status === 'refunded' ? 'aborted' : bill.status === 'open' ? 'billable' : 'billed',
    code: {
      coding: [
        { system: urn('item'), code: item.code, display: item.name },
        { system: urn('national-item'), code: item.nationalCode, display: item.name },
      ],
      text: item.name,
    },
    subject: reference('Patient', bill.patientNo),
    context: reference('Encounter', bill.visitNo),
    occurrenceDateTime: bill.createdAt,
    quantity: { value: item.quantity, unit: item.unit },
    priceOverride: money(item.amountFen),
    supportingInformation: [reference('Invoice', bill.billNo)],
    extension: [
      extension('unit-price', { valueMoney: money(item.unitPriceFen) }),
      extension('spec', { valueString: item.spec }),
      extension('charge-category', { valueCode: item.chargeCategory }),
      extension('insurance-class', { valueCode: item.insuranceClass }),
      extension('line-status', { valueCode: item.status }),
    ].filter((each) => !('valueString' in each) || each.valueString !== ''),
  }))

function stayCharges(his: His, stay: Stay): Resource[] {
  return chargesOf(his, stay).flatMap(({ date, items }) =>
    items.map((item, i) => stayCharge(stay, { date, item, lineNo: i + 1 })),
  )
}

const stayCharge = (stay: Stay, { date, item, lineNo }: StayLine): Resource => ({
  resourceType: 'ChargeItem',
  id: `${stay.stayNo}-${date.replaceAll('-', '')}-${lineNo}`,
  status: stay.status === 'discharged' ? 'billed' : 'billable',
  code: { coding: [{ system: urn('item'), code: item.code, display: item.name }], text: item.name },
  subject: reference('Patient', stay.patientNo),
  context: reference('Encounter', stay.stayNo),
  occurrenceDateTime: date,
  quantity: { value: item.quantity, unit: item.unit },
  priceOverride: money(item.amountFen),
  account: [reference('Account', stay.stayNo)],
  extension: [
    extension('unit-price', { valueMoney: money(item.unitPriceFen) }),
    extension('charge-category', { valueCode: item.chargeCategory }),
  ],
})

type StayLine = { date: string; item: StayItem; lineNo: number }

const account = (his: His, stay: Stay): Resource => ({
  resourceType: 'Account',
  id: stay.stayNo,
  status: stay.status === 'discharged' ? 'inactive' : 'active',
  type: { text: '住院预交金' },
  subject: [reference('Patient', stay.patientNo)],
  extension: [
    extension('deposit', { valueMoney: money(stay.depositFen) }),
    extension('cost', { valueMoney: money(stay.costFen) }),
    extension('balance', { valueMoney: money(stay.balanceFen) }),
    ...settlement(his, stay),
  ],
})

/** What a settlement would come to, once the ward has ordered the discharge. */
function settlement(his: His, { stayNo }: Stay): object[] {
  const answer = preSettleStay(his, { stayNo })
  if (answer.code !== 'OK') return []
  const shares = answer.data as Record<keyof typeof SHARES, Fen>
  const names = Object.keys(SHARES) as (keyof typeof SHARES)[]
  return names.map((name) => extension(SHARES[name], { valueMoney: money(shares[name]) }))
}

const SHARES = {
  pooledFen: 'settlement-pooled',
  accountFen: 'settlement-account',
  depositUsedFen: 'settlement-deposit',
  payableFen: 'settlement-payable',
  refundableFen: 'settlement-refundable',
} as const

const stayEncounter = (stay: Stay): Resource => ({
  resourceType: 'Encounter',
  id: stay.stayNo,
  status: stay.status === 'discharged' ? 'finished' : 'in-progress',
  class: { system: `${HL7}v3-ActCode`, code: 'IMP', display: '住院' },
  subject: reference('Patient', stay.patientNo),
  participant: [{ individual: reference('Practitioner', stay.doctor.code, stay.doctor.name) }],
  period: { start: stay.admittedAt, ...(stay.leftAt !== null && { end: stay.leftAt }) },
  reasonCode: [{ coding: [coded(stay.diagnosis)], text: stay.diagnosis.name }],
  account: [reference('Account', stay.stayNo)],
  location: [{ location: { display: stay.bed } }],
  serviceProvider: reference('Organization', stay.department.code, stay.department.name),
  extension: [extension('stay-status', { valueCode: stay.status })],
})

const visitEncounter = ({ visit_no, patient_no, opened_at }: VisitRow): Resource => ({
  resourceType: 'Encounter',
  id: visit_no,
  status: 'in-progress',
  class: { system: `${HL7}v3-ActCode`, code: 'AMB', display: '门诊' },
  subject: reference('Patient', patient_no),
  period: { start: opened_at },
})

type VisitRow = { visit_no: string; patient_no: string; opened_at: string }

const visitsOf = ({ store }: His, patientNo: string): Resource[] =>
  store
    .all<VisitRow>(
      'select * from visit where patient_no = ? order by opened_at desc, visit_no desc',
      patientNo,
    )
    .map(visitEncounter)

const report = (of: ReportContent | Report, values: number): Resource => ({
  resourceType: 'DiagnosticReport',
  id: of.reportNo,
  identifier: [identifier('report', of.reportNo)],
  status: of.status === 'ready' ? 'final' : 'registered',
  category: [concept(`${HL7}v2-0074`, CATEGORIES[of.kind])],
  code: { text: of.name },
  subject: reference('Patient', of.patientNo),
  effectiveDateTime: of.orderedAt,
  ...(of.status === 'ready' && { issued: of.readyAt }),
  performer: [reference('Organization', of.department.code, of.department.name)],
  result: Array.from({ length: values }, (_, i) =>
    reference('Observation', `${of.reportNo}-${i + 1}`),
  ),
  ...('conclusion' in of && of.conclusion !== '' && { conclusion: of.conclusion }),
  extension: [extension('bill', { valueReference: reference('Invoice', of.billNo) })],
})

const CATEGORIES = {
  laboratory: { code: 'LAB', name: '检验' },
  examination: { code: 'RAD', name: '检查' },
}

const observations = (of: ReportContent): Resource[] =>
  of.values.map((value, i) => ({
    resourceType: 'Observation',
    id: `${of.reportNo}-${i + 1}`,
    status: 'final',
    code: concept(urn('analyte'), value),
    subject: reference('Patient', of.patientNo),
    effectiveDateTime: of.orderedAt,
    ...(/^-?(0|[1-9]\d*)(\.\d+)?$/.test(value.value)
      ? { valueQuantity: { value: decimal(value.value), unit: value.unit } }
      : { valueString: value.value }),
    interpretation: [
      concept(`${HL7}v3-ObservationInterpretation`, {
        code: value.flag === 'POSITIVE' ? 'POS' : value.flag,
        name: value.flag,
      }),
    ],
    referenceRange: [{ text: value.reference }],
  }))

function withContent(his: His, head: Report): ReportContent {
  const nothing = { values: [], findings: '', conclusion: '' }
  return findReport(his, head) ?? { ...head, ...nothing }
}

const readReport = (his: His, id: string): Resource | null => {
  const found = reportBy(his, id)
  return found && report(found, found.values.length)
}

const billsOf = (his: His, patientNo: string | null): Bill[] => {
  const person = patientNo === null ? null : personOf(his.registry, patientNo)
  return person ? listBills(his, { personNo: person.no, newestFirst: true, limit: MOST_BILLS }) : []
}

const MOST_BILLS = 200

export const recordTypes: Record<string, ResourceType> = {
  Patient: {
    params: { identifier: 'token', name: 'string' },
    oneOf: ['identifier'],
    all(his, query) {
      const view = patientBy(his, query.token('identifier') ?? '')
      const name = query.text('name')
      return view && (name === null || name === view.name) ? [patient(view)] : []
    },
    read: readPatient,
  },
  Invoice: {
    params: { patient: 'reference', status: 'token' },
    oneOf: ['patient'],
    all(his, query) {
      const status = query.token('status')
      const all = billsOf(his, query.id('patient', 'Patient')).map(invoice)
      return all.filter((each) => status === null || each['status'] === status)
    },
    read(his, id) {
      const bill = findBill(his, id)
      return bill && invoice(viewOf(bill))
    },
  },
  ChargeItem: {
    params: { context: 'reference', occurrence: 'date' },
    oneOf: ['context'],
    all(his, query) {
      const visitNo = query.id('context', 'Encounter') ?? ''
      const stay = findStay(his, visitNo)
      const { from, to } = query.days('occurrence')
      const all = stay ? stayCharges(his, stay) : listBills(his, { visitNo }).flatMap(chargeItems)
      return all.filter((each) => {
        const day = dayOfInstant(String(each['occurrenceDateTime']))
        return (from ?? day) <= day && day <= (to ?? day)
      })
    },
    read(his, id) {
      const bill = findBill(his, id.slice(0, id.lastIndexOf('-')))
      const stay = findStay(his, id.split('-')[0] ?? '')
      const all = bill ? chargeItems(viewOf(bill)) : stay ? stayCharges(his, stay) : []
      return all.find((each) => each.id === id) ?? null
    },
  },
  Account: {
    params: { patient: 'reference' },
    oneOf: ['patient'],
    all: (his, query) =>
      listStays(his, query.id('patient', 'Patient') ?? '').map((stay) => account(his, stay)),
    read(his, id) {
      const stay = findStay(his, id)
      return stay && account(his, stay)
    },
  },
  Encounter: {
    params: { patient: 'reference', class: 'token' },
    oneOf: ['patient'],
    all(his, query) {
      const patientNo = query.id('patient', 'Patient') ?? ''
      const kind = query.token('class')
      const stays = kind === 'AMB' ? [] : listStays(his, patientNo).map(stayEncounter)
      return kind === 'IMP' ? stays : [...stays, ...visitsOf(his, patientNo)]
    },
    read(his, id) {
      const stay = findStay(his, id)
      if (stay) return stayEncounter(stay)
      const visit = his.store.get<VisitRow>('select * from visit where visit_no = ?', id)
      return visit && visitEncounter(visit)
    },
  },
  DiagnosticReport: {
    params: { patient: 'reference', status: 'token', date: 'date', _include: 'string' },
    oneOf: ['patient'],
    all(his, query) {
      const { from, to } = query.days('date')
      const status = query.token('status')
      return listReports(his, query.id('patient', 'Patient') ?? '')
        .filter(({ orderedAt }) => {
          const day = dayOfInstant(orderedAt)
          return (from ?? day) <= day && day <= (to ?? day)
        })
        .map((head) => withContent(his, head))
        .map((content) => report(content, content.values.length))
        .filter((each) => status === null || each['status'] === status)
    },
    included(his, found) {
      const content = reportBy(his, found.id)
      return content ? observations(content) : []
    },
    include: 'DiagnosticReport:result',
    read: readReport,
  },
  Observation: {
    params: {},
    oneOf: ['_id'],
    all(his, query) {
      const found = observationBy(his, query.token('_id') ?? '')
      return found ? [found] : []
    },
    read: (his, id) => observationBy(his, id),
  },
}

function observationBy(his: His, id: string): Resource | null {
  const content = reportBy(his, id.slice(0, id.lastIndexOf('-')))
  return (content && observations(content).find((each) => each.id === id)) ?? null
}
