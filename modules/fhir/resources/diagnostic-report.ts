import type { HospitalId } from '../../../kernel/id.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import type { HisReport, HisReportHead } from '../../hospitals/index.ts'
import { HL7, hospitalReference, patientReference, SYSTEMS } from '../elements.ts'
import { idOf } from '../ids.ts'
import { readDecimal } from '../json.ts'
import { written } from '../search/dates.ts'
import { date, type Parameter, reference, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'

export type DiagnosticReportSource = {
  hospitalId: HospitalId
  personId: string
  head: HisReportHead
  /** Null in a list: what was found is told with the report alone. */
  report: Pick<HisReport, 'findings' | 'conclusion' | 'reportedBy'> | null
}

export const toDiagnosticReport = (source: DiagnosticReportSource) => {
  const { hospitalId, personId, head, report } = source
  const findings = report?.findings ?? []
  return {
    resourceType: 'DiagnosticReport' as const,
    id: idOf(head.reportNo) ?? '',
    ...(findings.length === 0
      ? {}
      : { contained: findings.map((finding, i) => observationOf(source, finding, i)) }),
    identifier: [{ system: SYSTEMS.ofHospital(hospitalId, 'report-no'), value: head.reportNo }],
    status: STATUS[head.status],
    category: [CATEGORY[head.kind]],
    code: { text: head.name },
    subject: patientReference(personId),
    effectiveDateTime: toShanghaiIso(head.orderedAt),
    ...(head.readyAt ? { issued: head.readyAt.toISOString() } : {}),
    performer: [hospitalReference(hospitalId)],
    ...(report && report.reportedBy !== ''
      ? { resultsInterpreter: [{ type: 'Practitioner', display: report.reportedBy }] }
      : {}),
    ...(findings.length === 0
      ? {}
      : { result: findings.map((_finding, i) => ({ reference: `#f${i + 1}` })) }),
    ...(report && report.conclusion !== '' ? { conclusion: report.conclusion } : {}),
  }
}

type Finding = HisReport['findings'][number]

function observationOf(
  { hospitalId, personId, head }: DiagnosticReportSource,
  { code, name, value, unit, reference: range, flag }: Finding,
  place: number,
) {
  const number = readDecimal(value)
  return {
    resourceType: 'Observation',
    id: `f${place + 1}`,
    status: STATUS[head.status],
    code: {
      ...(code === ''
        ? {}
        : { coding: [{ system: SYSTEMS.ofHospital(hospitalId, 'finding'), code }] }),
      text: name,
    },
    subject: patientReference(personId),
    ...(value === ''
      ? { dataAbsentReason: { text: '未报告' } }
      : number === null
        ? { valueString: [value, unit].filter((part) => part !== '').join(' ') }
        : { valueQuantity: { value: number, ...(unit === '' ? {} : { unit }) } }),
    ...(flag === 'none'
      ? {}
      : {
          interpretation: [
            { coding: [{ system: `${HL7}/v3-ObservationInterpretation`, code: FLAG[flag] }] },
          ],
        }),
    ...(range === '' ? {} : { referenceRange: [{ text: range }] }),
  }
}

const FLAG: Record<Exclude<Finding['flag'], 'none'>, string> = {
  normal: 'N',
  high: 'H',
  low: 'L',
  abnormal: 'A',
  critical: 'AA',
}

const STATUS: Record<HisReportHead['status'], string> = {
  ordered: 'registered',
  in_progress: 'registered',
  ready: 'final',
  withdrawn: 'cancelled',
}

const category = (code: string, text: string) => ({
  coding: [{ system: `${HL7}/v2-0074`, code }],
  text,
})

const CATEGORY: Record<HisReportHead['kind'], ReturnType<typeof category>> = {
  laboratory: category('LAB', '检验'),
  imaging: category('RAD', '影像'),
  pathology: category('PAT', '病理'),
  other: category('OTH', '其他'),
}

type DiagnosticReport = ReturnType<typeof toDiagnosticReport>

const parameters: Parameter<DiagnosticReport>[] = [
  reference('patient', 'Whose it is', (report) => [report.subject]),
  reference('subject', 'The same', (report) => [report.subject]),
  token('category', 'LAB, RAD, PAT, OTH', (report) => report.category),
  token('status', 'registered, final, cancelled', (report) => [report.status]),
  token('identifier', 'The hospital’s number of it', ({ identifier }) =>
    identifier.map(({ system, value }) => ({ system, code: value })),
  ),
  date('date', 'When it was ordered; of the last year, if not said', (report) =>
    written(report.effectiveDateTime),
  ),
  date('issued', 'When it was ready', (report) => written(report.issued)),
]

export const diagnosticReportType: FhirType<DiagnosticReportSource, DiagnosticReport> = {
  type: 'DiagnosticReport',
  documentation: 'What the laboratory or the imaging rooms found: asked of the hospital’s system',
  toResource: toDiagnosticReport,
  parameters,
  example: {
    hospitalId: 1 as HospitalId,
    personId: '0190b3a0-0000-7000-8000-000000000001',
    head: {
      reportNo: 'LIS/2026/0001',
      kind: 'laboratory',
      name: '血常规',
      visitNo: 'V1',
      orderedAt: new Date('2026-11-23T01:00:00Z'),
      status: 'ready',
      readyAt: new Date('2026-11-23T02:30:00Z'),
    },
    report: {
      reportedBy: '王检验',
      conclusion: '白细胞升高',
      findings: [
        {
          code: 'WBC',
          name: '白细胞',
          value: '11.20',
          unit: '10^9/L',
          reference: '3.5-9.5',
          flag: 'high',
        },
        { code: '', name: '外观', value: '阴性', unit: '', reference: '', flag: 'none' },
      ],
    },
  },
}
