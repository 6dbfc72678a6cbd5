import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { HOUR_MS } from '../../../../../../kernel/time.ts'
import type { Bill } from '../../../protocol.ts'
import { codeOf, firstDepartment, TestClock } from '../../../testing.ts'
import type { Hl7Simulator } from '../start.ts'
import { cardHolder, exchange, messageOf, rowNamed, startTestHl7 } from '../testing.ts'

const clock = new TestClock('2026-11-23T07:20:00+08:00') // a Monday
const person = cardHolder()
const doctor = firstDepartment().doctors[0] ?? { code: '', registrationFeeFen: 0 }
const CLINIC = `PB0120261123${doctor.code}1`
let his: Hl7Simulator
let bill: Bill
beforeAll(async () => {
  his = await startTestHl7(clock)
  bill = his.createBill({
    personNo: person.no,
    departmentCode: firstDepartment().code,
    kind: 'outpatient',
    items: [{ code: codeOf('血常规（五分类）'), quantity: 1 }],
  })
})
afterAll(async () => his.stop())

type Json = { [name: string]: Json } & Json[]
const send = async (path: string, method: 'GET' | 'POST' = 'GET') => {
  const { statusCode, headers, body } = await request(`${his.url}/fhir/${path}`, { method })
  const text = await body.text()
  expect(headers['content-type']).toBe('application/fhir+json; charset=utf-8')
  return { status: statusCode, text, json: JSON.parse(text) as Json }
}
const search = async (path: string) => {
  const { status, json } = await send(path)
  expect([status, json['resourceType'], json['type']]).toEqual([200, 'Bundle', 'searchset'])
  const entries = (json['entry'] ?? []) as Json[]
  return {
    total: json['total'],
    resources: entries.map((each) => each['resource']),
    link: json['link'],
    entries,
  }
}

describe('the directory', () => {
  it.each(['Organization', 'Location', 'Practitioner', 'PractitionerRole', 'Schedule'])(
    'has every %s, each to be read',
    async (type) => {
      const { total, resources } = await search(`${type}?_count=3`)
      expect(Number(total)).toBeGreaterThan(3)
      for (const found of resources) {
        expect(found?.['resourceType']).toBe(type)
        expect((await send(`${type}/${String(found?.['id'])}`)).json).toEqual(found)
      }
    },
  )

  it('is paged, and every page together is all of it', async () => {
    const all = await search('Practitioner?_count=200')
    const ids = new Set<unknown>()
    let path: string | undefined = 'Practitioner?_count=7'
    while (path !== undefined) {
      const page = await search(path)
      for (const found of page.resources) ids.add(found?.['id'])
      const next = ((page.link ?? []) as Json[]).find((each) => String(each['relation']) === 'next')
      path = next && String(next['url']).split('/fhir/')[1]
    }
    expect(ids.size).toBe(Number(all.total))
    expect((await search('Practitioner?_count=0')).resources).toEqual([])
  })

  it('has schedules by day, department and doctor, and their slots', async () => {
    const { resources } = await search(`Schedule?actor=Practitioner/${doctor.code}&date=2026-11-23`)
    expect(resources[0]).toMatchObject({ id: CLINIC, active: true })
    const ofDepartment = await search(
      `Schedule?actor=Location/${firstDepartment().code}&date=le2026-11-23`,
    )
    expect(ofDepartment.resources).toContainEqual(resources[0])
    const { resources: slots, total } = await search(`Slot?schedule=Schedule/${CLINIC}`)
    expect(total).toBe(20)
    const free = await search(`Slot?schedule=${CLINIC}&status=free`)
    expect(Number(free.total)).toBeLessThan(20)
    expect((await send(`Slot/${CLINIC}-3`)).json).toEqual(slots[2])
    expect(slots[2]).toMatchObject({ start: '2026-11-23T08:24:00+08:00', comment: '3' })
  })
})

describe('somebody’s record', () => {
  it('is found by any number', async () => {
    for (const number of [person.idCardNo, `urn:yqhis:patient|${person.patientNo}`]) {
      const { resources } = await search(`Patient?identifier=${encodeURIComponent(number)}`)
      expect(resources).toMatchObject([
        { id: person.patientNo, name: [{ text: person.name }], birthDate: person.birthDate },
      ])
    }
    expect((await search('Patient?identifier=none')).total).toBe(0)
    expect((await search(`Patient?identifier=${person.idCardNo}&name=X`)).total).toBe(0)
  })

  it('has open bills with exact amounts, and what they are of', async () => {
    const { resources } = await search(`Invoice?patient=${person.patientNo}&status=issued`)
    expect(resources).toMatchObject([
      { id: bill.billNo, meta: { versionId: '1' }, totalGross: { currency: 'CNY' } },
    ])
    const { text } = await send(`Invoice/${bill.billNo}`)
    expect(text).toContain(
      `"totalGross":{"value":${(bill.totalFen / 100).toFixed(2)},"currency":"CNY"}`,
    )
    const lines = await search(`ChargeItem?context=Encounter/${bill.visitNo}`)
    expect(lines.resources).toMatchObject([
      { id: `${bill.billNo}-1`, status: 'billable', quantity: { value: 1 } },
    ])
    expect((await send(`ChargeItem/${bill.billNo}-1`)).json).toEqual(lines.resources[0])
    const visits = await search(`Encounter?patient=${person.patientNo}&class=AMB`)
    expect(visits.resources[0]).toMatchObject({ id: bill.visitNo })
  })

  it('has places at clinics', async () => {
    const rows = [`ARQ|O1||||${CLINIC}`, `PID|||${person.patientNo}`, 'AIS|1||']
    const placed = await exchange(his.mllpPort, messageOf('SRM^S01', rows))
    const registrationNo = rowNamed(placed, 'SCH')[2]
    const { resources } = await search(`Appointment?patient=${person.patientNo}&date=ge2026-11-23`)
    expect(resources).toMatchObject([{ id: registrationNo, status: 'pending' }])
    expect((await search('Appointment?identifier=O1')).resources).toEqual(resources)
    expect((await send(`Appointment/${registrationNo}`)).json).toEqual(resources[0])
    expect((await search(`Appointment?patient=${person.patientNo}&status=booked`)).total).toBe(0)
  })

  it('has reports when they are ready, with their values if asked', async () => {
    const total = (bill.totalFen / 100).toFixed(2)
    const pay = [
      `FT1|1|WX||||PY|01||||${total}`,
      `ZPY|PAY|P1|${bill.billNo}|1|${total}|20261123072000`,
    ]
    await exchange(his.mllpPort, messageOf('DFT^P03', pay))
    const path = `DiagnosticReport?patient=${person.patientNo}`
    expect((await search(path)).resources).toMatchObject([{ status: 'registered' }])
    clock.move(HOUR_MS)
    const { entries } = await search(`${path}&status=final&_include=DiagnosticReport:result`)
    const [head, value] = entries
    expect(head).toMatchObject({
      resource: { id: `BG001${bill.billNo}` },
      search: { mode: 'match' },
    })
    expect(value).toMatchObject({
      resource: { resourceType: 'Observation' },
      search: { mode: 'include' },
    })
    const quantity = value?.['resource']?.['valueQuantity']
    expect(quantity).toMatchObject({ value: expect.any(Number), unit: '10^9/L' })
    const id = String(value?.['resource']?.['id'])
    expect((await send(`Observation/${id}`)).json).toEqual(value?.['resource'])
  })

  it('has stays, their account and their days', async () => {
    const stay = his.admit({ personNo: person.no, departmentCode: firstDepartment().code })
    const { resources } = await search(`Encounter?patient=${person.patientNo}&class=IMP`)
    expect(resources).toMatchObject([
      { id: stay.stayNo, status: 'in-progress', class: { code: 'IMP' } },
    ])
    expect((await search(`Account?patient=${person.patientNo}`)).resources).toMatchObject([
      { id: stay.stayNo, status: 'active' },
    ])
    const lines = await search(`ChargeItem?context=${stay.stayNo}&occurrence=2026-11-23`)
    expect(Number(lines.total)).toBeGreaterThan(2)
    expect((await send(`ChargeItem/${String(lines.resources[0]?.['id'])}`)).json).toEqual(
      lines.resources[0],
    )
    expect((await search(`ChargeItem?context=${stay.stayNo}&occurrence=le2026-11-22`)).total).toBe(
      0,
    )
  })

  it('says which number is left of two', async () => {
    const [left, merged] = [cardHolder(2), cardHolder(3)]
    his.mergePatients({ patientNo: left.patientNo, mergedPatientNo: merged.patientNo })
    expect((await send(`Patient/${merged.patientNo}`)).json).toMatchObject({
      active: false,
      link: [{ other: { reference: `Patient/${left.patientNo}` }, type: 'replaced-by' }],
    })
    expect((await search(`Patient?identifier=${merged.patientNo}`)).resources).toMatchObject([
      { id: left.patientNo },
    ])
  })
})

it('has the day’s book from the next day on', async () => {
  expect(await send('PaymentReconciliation?created=2026-11-23')).toMatchObject({ status: 503 })
  clock.move(24 * HOUR_MS)
  const { text } = await send('PaymentReconciliation/2026-11-23-1')
  const { resources } = await search('PaymentReconciliation?created=2026-11-23')
  expect(resources).toEqual([JSON.parse(text)])
  const total = (bill.totalFen / 100).toFixed(2)
  expect(text).toContain(`"paymentAmount":{"value":${total},"currency":"CNY"}`)
  expect(resources[0]?.['detail']).toMatchObject([
    { type: { text: 'payment' }, date: '2026-11-23' },
  ])
  expect((await send('PaymentReconciliation/2026-11-23-2')).status).toBe(404)
})

it('says what it can', async () => {
  const { json } = await send('metadata')
  expect(json).toMatchObject({
    resourceType: 'CapabilityStatement',
    fhirVersion: '4.0.1',
    kind: 'instance',
  })
  const types = (json['rest']?.[0]?.['resource'] ?? []) as Json[]
  for (const { type } of types) expect((await send(`${String(type)}/none`)).status).toBe(404)
  expect(types).toHaveLength(15)
})

it.each([
  ['Patient', 400, 'required'],
  ['Slot?status=free', 400, 'required'],
  ['Patient?identifier=1&identifier=2', 400, 'invalid'],
  ['Patient?family=张', 400, 'invalid'],
  ['Schedule?date=2026-02-30', 400, 'invalid'],
  ['Schedule?date=gt2026-11-23', 400, 'invalid'],
  ['Schedule?actor=Patient/1', 400, 'invalid'],
  ['Schedule?_count=-1', 400, 'invalid'],
  ['Invoice?patient=Group/1', 400, 'invalid'],
  ['Invoice?patient=P1&_include=Invoice:subject', 400, 'invalid'],
  ['PaymentReconciliation?created=ge2026-11-23', 400, 'invalid'],
  ['Invoice/none', 404, 'not-found'],
  ['Medication?code=1', 404, 'not-supported'],
  ['Invoice/1/_history', 404, 'not-supported'],
])('refuses %s', async (path, status, code) => {
  const { status: found, json } = await send(path)
  expect(found).toBe(status)
  expect(json).toMatchObject({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code }],
  })
})

it('leaves out what is empty', async () => {
  const { text } = await send(`DiagnosticReport?patient=${person.patientNo}`)
  expect(text).not.toMatch(/:(\[\]|"")/)
})

it('is for reading', async () => {
  expect((await send('Patient', 'POST')).status).toBe(405)
})
