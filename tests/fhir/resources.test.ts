import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import {
  allScopes,
  type Letter,
  routeAccess,
  type TypeName,
  TYPES,
} from '../../modules/fhir/access.ts'
import { capabilityStatement } from '../../modules/fhir/capability.ts'
import { type Json, writeJson } from '../../modules/fhir/json.ts'
import { outcomeOf } from '../../modules/fhir/outcome.ts'
import { toAppointment, appointmentType } from '../../modules/fhir/resources/appointment.ts'
import {
  toDiagnosticReport,
  diagnosticReportType,
} from '../../modules/fhir/resources/diagnostic-report.ts'
import { invoiceType, toInvoice } from '../../modules/fhir/resources/invoice.ts'
import { patientType, toPatient } from '../../modules/fhir/resources/patient.ts'
import { slotType, toSlot } from '../../modules/fhir/resources/slot.ts'
import { FHIR_TYPES } from '../../modules/fhir/types.ts'
import { examplesIn, problemsOf } from './validator.ts'

const parsed = (resource: Json) => JSON.parse(writeJson(resource)) as object

describe('the validator', () => {
  it.each<[string, object, string]>([
    ['a code that is none', { resourceType: 'Patient', gender: 'mal' }, 'Patient.gender'],
    ['a field that is none', { resourceType: 'Patient', nam: 'x' }, 'Patient'],
    ['a field that is missing', { resourceType: 'Invoice' }, 'Invoice.status'],
    ['an id that is none', { resourceType: 'Patient', id: 'a_b' }, 'a_b is no id'],
    ['an empty array', { resourceType: 'Patient', name: [] }, 'an array with nothing in it'],
    [
      'a broken constraint',
      {
        resourceType: 'Appointment',
        status: 'booked',
        participant: [{ status: 'accepted', actor: { reference: 'Patient/1' } }],
      },
      'breaks app-3',
    ],
  ])('finds %s', (_what, resource, problem) => {
    expect(problemsOf(resource).join('\n')).toContain(problem)
  })
})

describe('each type of resource', () => {
  it.each(TYPES)('[F3] %s of its example is right by HL7’s definitions', (type) => {
    const resource = parsed(FHIR_TYPES[type].exampleResource())
    expect(problemsOf(resource)).toEqual([])
    expect(resource).toMatchObject({ resourceType: type })
  })

  it.each(TYPES)('[F3] every parameter of %s reads what it says off its example', (type) => {
    const { parameters, exampleResource } = FHIR_TYPES[type]
    const example = exampleResource()
    const kinds = parameters.map((one) => [one.name, one.values?.(example).type ?? one.type])
    expect(kinds).toEqual(parameters.map((one) => [one.name, one.type]))
  })

  it('[F3] the statement of what there is, is right, and names every type', () => {
    const statement = capabilityStatement('https://hub.example/v1/fhir/1')
    expect(problemsOf(parsed(statement))).toEqual([])
    const named = statement.rest[0]?.resource.map(({ type }) => type)
    expect(named).toEqual([...TYPES])
  })
})

it('[F3] the examples of the guide are right', () => {
  const examples = examplesIn(join(import.meta.dirname, '../../docs/interface/fhir.md'))
  expect(examples).toHaveLength(2)
  for (const example of examples) expect(problemsOf(example)).toEqual([])
})

describe('who may do what', () => {
  it('[F3] an application searches numbers, payments and bills, and never lines, reports or the audit', () => {
    const system = allScopes().filter((scope) => scope.startsWith('system/'))
    expect(system).toEqual([
      'system/Patient.r',
      'system/Schedule.rs',
      'system/Slot.rs',
      'system/Appointment.crus',
      'system/Invoice.rs',
      'system/PaymentNotice.rs',
    ])
    expect(routeAccess('ChargeItem', 's').access).not.toContain('application')
  })

  it.each<[TypeName, Letter, string[]]>([
    ['AuditEvent', 's', ['staff:auditor']],
    ['PaymentReconciliation', 'r', ['staff:finance', 'staff:auditor']],
    ['DiagnosticReport', 'r', ['person']],
    ['Appointment', 'c', ['staff:cashier', 'person', 'application']],
    [
      'PaymentNotice',
      's',
      ['staff:cashier', 'staff:finance', 'staff:auditor', 'person', 'application'],
    ],
  ])('%s, %s: %s', (type, letter, access) => {
    expect(routeAccess(type, letter).access).toEqual(access)
  })
})

describe('what becomes of records', () => {
  it('[I1] a masked number stands in no value, and half a birth date is a year', () => {
    const patient = toPatient(patientType.example)
    const text = JSON.stringify(patient.identifier)
    expect(text).toContain('"valueCode":"masked"')
    expect(text).not.toContain('"value":"1*')
    expect(patient).toMatchObject({ birthDate: '1984', name: [{ text: '*晓峰' }] })
  })

  it('[I1] a record that is read as another says so', () => {
    const currentPersonId = '0190b3a0-0000-7000-8000-000000000009'
    const patient = toPatient({ ...patientType.example, currentPersonId })
    expect(problemsOf(parsed(patient))).toEqual([])
    expect(patient).toMatchObject({
      active: false,
      link: [{ type: 'replaced-by', other: { reference: `Patient/${currentPersonId}` } }],
    })
  })

  it.each([
    ['free', 'free'],
    ['held', 'busy-tentative'],
    ['resting', 'busy-tentative'],
    ['taken', 'busy'],
    ['stopped', 'busy-unavailable'],
  ] as const)('a slot that is %s is %s', (status, shown) => {
    expect(toSlot({ ...slotType.example, status }).status).toBe(shown)
  })

  it.each([
    ['held', 'pending'],
    ['booked', 'booked'],
    ['checked_in', 'checked-in'],
    ['finished', 'fulfilled'],
    ['no_show', 'noshow'],
    ['cancelled', 'cancelled'],
    ['expired', 'cancelled'],
    ['stopped', 'cancelled'],
  ] as const)('an appointment that is %s is %s, and right', (status, shown) => {
    const { appointment, session } = appointmentType.example
    const resource = toAppointment({ session, appointment: { ...appointment, status } })
    expect(resource.status).toBe(shown)
    expect(problemsOf(parsed(resource))).toEqual([])
  })

  it('amounts keep their digits', () => {
    const text = writeJson(toInvoice(invoiceType.example))
    expect(text).toContain('"totalNet":{"value":123.40,"currency":"CNY"}')
  })

  it('a bank sees of a bill what is to be paid, and nothing of a treatment', () => {
    const text = writeJson(toInvoice({ ...invoiceType.example, isPlain: true }))
    expect(text).toContain('123.40')
    expect(text).not.toMatch(/氨氯地平|心内科|李静|高血压/)
    expect(problemsOf(JSON.parse(text) as object)).toEqual([])
  })

  it('a finding that is a number has its digits, and any other its words', () => {
    const report = toDiagnosticReport(diagnosticReportType.example)
    const text = writeJson(report)
    expect(text).toContain('"valueQuantity":{"value":11.20,"unit":"10^9/L"}')
    expect(text).toContain('"valueString":"阴性"')
  })

  it.each([
    ['booking.slot_taken', 409, 409, 'fatal', 'not-found'],
    ['booking.sold_out', 409, 409, 'fatal', 'not-found'],
    ['booking.same_hour', 409, 409, 'error', 'conflict'],
    ['booking.blocked', 422, 422, 'error', 'business-rule'],
    ['http.unauthenticated', 401, 401, 'error', 'login'],
    ['http.failed', 500, 500, 'fatal', 'exception'],
    ['http.overloaded', 503, 503, 'fatal', 'transient'],
    ['fhir.format_unknown', 400, 406, 'error', 'not-supported'],
    ['fhir.parameter_wrong', 400, 400, 'error', 'value'],
    ['partners.asked_too_often', 429, 429, 'error', 'throttled'],
  ])('%s becomes an outcome', (code, from, status, severity, type) => {
    const { outcome, status: shown } = outcomeOf({ code, status: from, params: { a: 1 } })
    expect(shown).toBe(status)
    expect(problemsOf(outcome)).toEqual([])
    expect(outcome.issue).toMatchObject([{ severity, code: type, diagnostics: `${code}; a: 1` }])
  })
})
