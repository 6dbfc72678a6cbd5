import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { assert } from '../../kernel/assert.ts'
import type { Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addDays, businessDateOf, DAY_MS, HOUR_MS } from '../../kernel/time.ts'
import type { PersonId } from '../../modules/identity/index.ts'
import { systemActor } from '../../platform/principal.ts'
import { type Bed, FOREIGN, openBed, OURS } from '../journeys/bad-input/bed.ts'
import {
  billFor,
  payInWallet,
  payNewBill,
  type Payer,
  quoteNew,
  signInPayer,
} from '../journeys/bad-input/payer.ts'
import {
  allow,
  confirmFor,
  openInstitution,
  patientIdOf,
  quoteFor,
} from '../partners/institution.ts'
import {
  asApplication,
  asPatient,
  asStaff,
  type Fhir,
  fhirAs,
  found,
  issueOf,
  linkTo,
  nobody,
  parameters,
} from './client.ts'

// FHIR over HTTP, against the running system: hub, worker, wallet, insurer and hospitals. Every answer is validated
// by the client itself.

const STARTS_WITHIN_MS = 180_000

let bed: Bed
let payer: Payer
let personId: PersonId
let own: Fhir
let cashier: Fhir
let auditor: Fhir
let finance: Fhir
let registrar: Fhir

beforeAll(async () => {
  bed = await openBed('fhir')
  payer = await signInPayer(bed, { insured: true })
  personId = (await patientIdOf(bed, payer.person)) as PersonId
  own = await asPatient(bed, payer.person)
  ;[cashier, auditor, finance, registrar] = await Promise.all([
    asStaff(bed, 'cashier'),
    asStaff(bed, 'auditor'),
    asStaff(bed, 'finance'),
    asStaff(bed, 'it'),
  ])
}, STARTS_WITHIN_MS)
afterAll(() => bed.stop())

/** The payer lets the second hospital read what the first has. */
async function allowHospital(): Promise<void> {
  const { body } = await payer.caller.get('../../my-record-consents')
  const given = await payer.caller.post('../../my-record-consents', {
    holderId: OURS,
    readerId: FOREIGN,
    purpose: 'treatment',
    kinds: ['report'],
    textVersion: (body['text'] as { version: string }).version,
    expiresAt: new Date(bed.clock.now().getTime() + DAY_MS).toISOString(),
  })
  assert(given.status === 201, 'the payer allows it')
}

describe('what there is', () => {
  it('[F3] is told to anybody, and names what the routes do', async () => {
    const { body, status } = await nobody(bed).get('metadata')
    expect(status).toBe(200)
    expect(body).toMatchObject({ fhirVersion: '4.0.1', kind: 'instance' })
    const smart = await nobody(bed).get('.well-known/smart-configuration')
    expect(smart.body['scopes_supported']).toContain('patient/Appointment.crus')
    expect(smart.body['scopes_supported']).not.toContain('system/ChargeItem.rs')
  })

  it('of a hospital that is none, nothing is', async () => {
    const answer = await nobody(bed).at(99).get('metadata')
    expect(issueOf(answer)).toMatchObject({ status: 404, error: 'hospitals.hospital_not_found' })
  })
})

describe('people', () => {
  it('[I1] see themselves in full but for their numbers, and nobody else', async () => {
    const { body } = await own.get(`Patient/${personId}`)
    expect(body).toMatchObject({ name: [{ text: payer.person.name }], active: true })
    expect(JSON.stringify(body)).not.toContain(payer.person.idCardNo)
    const other = bed.world.people.find(({ no }) => no !== payer.person.no)
    assert(other, 'there are others')
    const otherId = await patientIdOf(bed, other)
    expect(issueOf(await own.get(`Patient/${otherId}`))).toMatchObject({ status: 404 })
    expect(found(await own.get(`Invoice?patient=${otherId}`))).toEqual([])
  })

  it('[I1] are found by a card in a body, never in a URL, and are masked by role', async () => {
    const identifier = `urn:yiqiao:medium:id_card|${payer.person.idCardNo}`
    const answer = await cashier.search('Patient', { identifier })
    expect(found(answer)).toMatchObject([{ id: personId, name: [{ text: payer.person.name }] }])
    expect(linkTo(answer, 'self')).not.toContain(payer.person.idCardNo)
    const seen = await auditor.get(`Patient/${personId}`)
    expect(seen.text).not.toContain(`"${payer.person.name}"`)
    const inUrl = await cashier.get(`Patient?identifier=${encodeURIComponent(identifier)}`)
    expect(issueOf(inUrl)).toMatchObject({ status: 400, code: 'security' })
    expect(issueOf(await cashier.get('Patient'))).toMatchObject({ status: 400, code: 'required' })
    const nobodys = await cashier.search('Patient', { identifier: 'urn:yiqiao:medium:id_card|1' })
    expect(nobodys.body.total).toBe(0)
  })

  it('[I1] are matched with grades and scores, by whoever registers people', async () => {
    const wish = parameters({
      resource: {
        resource: {
          resourceType: 'Patient',
          name: [{ text: payer.person.name }],
          birthDate: payer.person.birthDate,
          identifier: [{ system: 'urn:yiqiao:medium:id_card', value: payer.person.idCardNo }],
        },
      },
      onlyCertainMatches: { valueBoolean: true },
      count: { valueInteger: 3 },
    })
    await bed.hub.personIndex.enter([personId])
    const { body, status } = await registrar.post('Patient/$match', wish)
    expect(status).toBe(200)
    const [first] = body.entry ?? []
    expect(first).toMatchObject({
      resource: { id: personId },
      search: { mode: 'match', extension: [{ valueCode: 'certain' }] },
    })
    expect(first?.search.score).toBeGreaterThan(0.99)
    expect(issueOf(await own.post('Patient/$match', wish))).toMatchObject({ status: 403 })
    const empty = parameters({ resource: { resource: { resourceType: 'Patient' } } })
    expect(issueOf(await registrar.post('Patient/$match', empty))).toMatchObject({ status: 400 })
  })

  it('[I1] are cross-referenced from a card to the number here', async () => {
    const sourceIdentifier = {
      valueString: `urn:yiqiao:medium:id_card|${payer.person.idCardNo}`,
    }
    const { body } = await cashier.post('Patient/$ihe-pix', parameters({ sourceIdentifier }))
    expect(body['parameter']).toContainEqual({
      name: 'targetId',
      valueReference: { reference: `Patient/${personId}` },
    })
    const unknown = parameters({ sourceIdentifier: { valueString: 'urn:x|1' } })
    expect(issueOf(await cashier.post('Patient/$ihe-pix', unknown)).status).toBe(400)
    expect(issueOf(await cashier.get('Patient/$ihe-pix?sourceIdentifier=a')).code).toBe('security')
  })

  it('[F3] have what pays for them, and what they allowed, for themselves to read', async () => {
    const coverages = await own.get('Coverage')
    expect(found(coverages)).toMatchObject([{ type: { text: '基本医疗保险' } }])
    const [coverage] = found(coverages)
    expect((await own.get(`Coverage/${coverage?.id}`)).status).toBe(200)
    expect(found(await cashier.get(`Coverage?patient=${personId}`))).toHaveLength(1)
    const bank = await openInstitution(bed)
    await allow(bank, payer)
    const [consent] = found(await own.get('Consent?status=active'))
    expect(consent).toMatchObject({
      status: 'active',
      patient: { reference: `Patient/${personId}` },
    })
    expect((await own.get(`Consent/${consent?.id}`)).status).toBe(200)
    expect(issueOf(await cashier.get('Consent'))).toMatchObject({ status: 403 })
    await allowHospital()
    const [shared] = found(await own.get('Consent?category=record'))
    expect(shared).toMatchObject({
      status: 'active',
      provision: { actor: [{ reference: { identifier: { value: String(FOREIGN) } } }] },
    })
  })
})

describe('money', () => {
  it('[F3] a bill is an invoice, its lines are charge items, and what was paid is a notice', async () => {
    const bill = billFor(bed, payer)
    const open = await own.get('Invoice?status=issued')
    const invoice = found(open).find(({ identifier }) =>
      JSON.stringify(identifier).includes(bill.billNo),
    )
    assert(invoice, 'the new bill is an invoice')
    expect((await own.get(`Invoice/${invoice.id}`)).body).toMatchObject({ status: 'issued' })
    const items = await own.get('ChargeItem?_count=2')
    expect(found(items)).toHaveLength(2)
    const [item] = found(items)
    expect((await own.get(`ChargeItem/${item?.id}`)).body).toMatchObject({ id: item?.id })

    const paid = await payNewBill(bed, payer)
    const notices = await finance.get('PaymentNotice?status=active')
    const notice = found(notices).find(({ id }) => id === paid.id)
    const yuan = (paid.totalFen / 100).toFixed(2)
    expect(notices.text).toContain(`"amount":{"value":${yuan},"currency":"CNY"}`)
    expect(notice).toMatchObject({ identifier: [{ value: paid.paymentNo }] })
    expect((await own.get(`PaymentNotice/${paid.id}`)).status).toBe(200)
    const unpaid = await quoteNew(bed, payer)
    expect(issueOf(await finance.get(`PaymentNotice/${unpaid.id}`))).toMatchObject({ status: 404 })
  })

  it('[F3] every charge item comes once over the pages', async () => {
    const all = found(await own.get('ChargeItem?_count=100')).map(({ id }) => id)
    const seen: string[] = []
    for (let url: string | undefined = 'ChargeItem?_count=3'; url;) {
      const page = await own.get(url)
      seen.push(...found(page).map(({ id }) => id))
      url = linkTo(page, 'next')
    }
    expect(seen.length).toBeGreaterThan(3)
    expect(seen).toEqual(all)
  })

  it('[F3] a deposit is an account with its balance', async () => {
    const id = '0190b3a0-0000-7000-8000-000000000031' as Id<'DepositAccount'>
    const custody = { bank: '滨海银行', accountNo: '6222000011112222' }
    await bed.hub.sources.deposits.openInpatient(
      { hospitalId: OURS, id, personId, stayNo: 'ZY-1', custody, lowFen: fen(100_000) },
      systemActor('test'),
    )
    const answer = await own.get('Account?status=active')
    expect(found(answer)).toMatchObject([{ identifier: [{ value: 'ZY-1' }] }])
    expect(answer.text).toContain('"valueMoney":{"value":0.00,"currency":"CNY"}')
    const [account] = found(answer)
    expect((await finance.get(`Account/${account?.id}`)).status).toBe(200)
    expect(found(await finance.get('Account?identifier=ZY-1'))).toHaveLength(1)
    expect(found(await finance.get('Account?identifier=ZY-2'))).toHaveLength(0)
  })

  it('[F3] an application sees of people who allowed it what it may, without a treatment', async () => {
    const bank = await openInstitution(bed)
    const app = await asApplication(bed, bank)
    const before = await app.get(`Invoice?patient=${personId}`)
    expect(issueOf(before)).toMatchObject({ status: 403, error: 'partners.grant_missing' })
    expect(issueOf(await app.get(`Patient/${personId}`))).toMatchObject({ status: 404 })
    await allow(bank, payer)
    const invoices = await app.get(`Invoice?patient=${personId}`)
    expect(found(invoices).length).toBeGreaterThan(0)
    expect(invoices.text).not.toMatch(/lineItem|display/)
    expect((await app.get(`Patient/${personId}`)).text).not.toContain(payer.person.name)
    expect(issueOf(await app.get('Invoice'))).toMatchObject({ status: 400, code: 'required' })
    expect(issueOf(await app.get(`ChargeItem?patient=${personId}`))).toMatchObject({ status: 403 })

    const payment = await confirmFor(bank, await quoteFor(bank, billFor(bed, payer), personId))
    await payInWallet(bed, payer, payment)
    await bed.rest()
    // Of all the person's payments it sees the one that it began.
    const notices = found(await app.get(`PaymentNotice?patient=${personId}`))
    expect(notices.map(({ id }) => id)).toEqual([payment.id])

    const small = await asApplication(bed, await openInstitution(bed, ['events:read']))
    const refused = await small.get(`PaymentNotice?patient=${personId}`)
    expect(issueOf(refused)).toMatchObject({ status: 403, error: 'partners.scope_missing' })
    // Its makers find the reason in their log, as of every other refusal.
    const { rows } = await bed.owner.query<{ error_code: string }>(
      "select error_code from partners.request_log where path like '/v1/fhir/%' and status = 403",
    )
    expect(rows).toContainEqual({ error_code: 'partners.scope_missing' })
  })
})

describe('records', () => {
  it('[F3] what was found of a person is theirs to read', async () => {
    const list = await own.get('DiagnosticReport')
    for (const { id } of found(list)) {
      const { body } = await own.get(`DiagnosticReport/${id}`)
      expect(body).toMatchObject({ id, status: 'registered' })
    }
    expect(issueOf(await own.get('DiagnosticReport/nothing'))).toMatchObject({ status: 404 })
    expect(issueOf(await auditor.get('DiagnosticReport'))).toMatchObject({ status: 403 })
  })

  it('[F3] an auditor reads who did what, in pages', async () => {
    const first = await auditor.get('AuditEvent?_count=2')
    expect(found(first)).toHaveLength(2)
    const next = linkTo(first, 'next')
    assert(next, 'there is more')
    const second = found(await auditor.get(next))
    expect(second).toHaveLength(2)
    const [event] = second
    expect((await auditor.get(`AuditEvent/${event?.id}`)).body).toMatchObject({ id: event?.id })
    const match = await auditor.get('AuditEvent?subtype=person_index.match')
    expect(found(match).length).toBeGreaterThan(0)
    const today = businessDateOf(bed.clock.now())
    expect(found(await auditor.get(`AuditEvent?date=${today}`)).length).toBeGreaterThan(0)
    expect(found(await auditor.get(`AuditEvent?date=gt${today}`))).toEqual([])
    expect(issueOf(await cashier.get('AuditEvent'))).toMatchObject({ status: 403 })
  })
})

describe('refusals are outcomes with the right code', () => {
  const gone = '0190b3a0-0000-7000-8000-000000000099'
  it.each<[string, () => Promise<Parameters<typeof issueOf>[0]>, number, string]>([
    ['nobody', () => nobody(bed).get('Invoice'), 401, 'login'],
    ['a wrong token', () => fhirAs(bed, { authorization: 'Bearer x' }).get('Slot'), 401, 'login'],
    ['another hospital', () => cashier.at(FOREIGN).get('Invoice'), 403, 'forbidden'],
    ['a type that is none', () => own.get('Observation'), 404, 'not-supported'],
    [
      'an act that is none',
      () => own.post('Invoice', { resourceType: 'Invoice' }),
      404,
      'not-supported',
    ],
    ['an id that is none', () => own.get('Invoice/a_b'), 404, 'not-found'],
    ['an unknown id', () => own.get(`Appointment/${gone}`), 404, 'not-found'],
    ['a bad date', () => own.get('Invoice?date=yesterday'), 400, 'value'],
    ['a count that is none', () => own.get('Invoice?_count=-3'), 400, 'value'],
    ['a modifier', () => own.get('Invoice?status:not=issued'), 400, 'not-supported'],
    ['a place that is none', () => own.get('Account?_cursor=abc'), 400, 'value'],
    ['XML', () => own.get('Invoice', { accept: 'application/fhir+xml' }), 406, 'not-supported'],
    ['a body that is none', () => cashier.post('Patient/$match', '{"a":'), 400, 'structure'],
    ['a body of another type', () => cashier.post('Patient/$match', '[]'), 400, 'structure'],
    [
      'a body in another form',
      () => cashier.post('Patient/$match', '<a/>', { contentType: 'application/xml' }),
      415,
      'not-supported',
    ],
    [
      'a parameter it does not know, where that matters',
      () => own.get('Invoice?unheard-of=1', { prefer: 'handling=strict' }),
      400,
      'not-supported',
    ],
    [
      'a wide range',
      () => own.get('Schedule?date=ge2026-11-23&date=le2027-11-23'),
      400,
      'too-costly',
    ],
  ])('%s', async (_what, ask, status, code) => {
    expect(issueOf(await ask())).toMatchObject({ status, code })
  })

  it('words that programs have of their own are words like any other', async () => {
    for (const word of ['constructor', '__proto__', 'toString']) {
      expect(found(await own.get(`Appointment?status=${word}`))).toEqual([])
      expect(issueOf(await own.get(`Invoice/${word}`)).status).toBe(404)
      expect((await own.get(`Invoice?${word}=1`)).status).toBe(200)
    }
    expect(found(await own.get('DiagnosticReport?date=gt2030'))).toEqual([])
  })

  it('a huge count is the most there is, and a parameter not known is not used', async () => {
    const answer = await own.get('Invoice?_count=1000000&unheard-of=1')
    expect(answer.status).toBe(200)
    expect(linkTo(answer, 'self')).not.toContain('unheard-of')
    expect(answer.text).toContain('not used: unheard-of')
  })
})

// Last, as hours and a day pass, and sessions end.
it('[F3] a report that is ready has its findings', async () => {
  bed.clock.advance(3 * HOUR_MS)
  const later = await asPatient(bed, payer.person)
  const ready = found(await later.get('DiagnosticReport?status=final'))
  expect(ready.length).toBeGreaterThan(0)
  const [report] = ready
  const { body } = await later.get(`DiagnosticReport/${report?.id}`)
  expect(body['contained'] ?? body['conclusion']).toBeDefined()
})

it('[F3] the lists of a day that is over are reconciliations', async () => {
  const day = businessDateOf(bed.clock.now())
  bed.clock.advance(DAY_MS + 3 * HOUR_MS)
  await bed.rest()
  const again = await asStaff(bed, 'finance')
  const lists = await again.get(`PaymentReconciliation?period=${day}`)
  const [list] = found(lists)
  expect(list).toMatchObject({ period: { start: day }, outcome: expect.stringMatching(/^[a-z]+$/) })
  expect((await again.get(`PaymentReconciliation/${list?.id}`)).status).toBe(200)
  const later = addDays(day, 5)
  expect(found(await again.get(`PaymentReconciliation?period=gt${later}`))).toEqual([])
})
