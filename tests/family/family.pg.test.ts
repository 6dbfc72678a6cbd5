import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { DEMO_PASSWORD } from '../../apps/cli/sandbox/seed.ts'
import type { WorldPerson } from '../../apps/simulators/world/index.ts'
import type { Payment } from '../../contract/client.ts'
import { assert } from '../../kernel/assert.ts'
import { addMs, businessDateOf, DAY_MS, HOUR_MS, yearsBetween } from '../../kernel/time.ts'
import { type Bed, openBed, OURS } from '../journeys/bad-input/bed.ts'
import { askOwner } from '../journeys/bad-input/books.ts'
import {
  type Answer,
  type Caller,
  callerWith,
  signInPatient,
  signInStaff,
} from '../journeys/bad-input/client.ts'
import {
  billFor,
  confirm,
  payFenOf,
  type Payer,
  payInWallet,
  wishFor,
} from '../journeys/bad-input/payer.ts'

// One person acts for another: over HTTP, with the hospital, the insurer and the wallet behind it.

const STARTS_WITHIN_MS = 180_000

let bed: Bed
let carer: Payer
let member: Payer
let desk: Caller

beforeAll(async () => {
  bed = await openBed('parents and children')
}, STARTS_WITHIN_MS)
beforeEach(async () => {
  // A day later every time, so that nobody has asked too often.
  bed.clock.advance(DAY_MS + HOUR_MS)
  carer = await adult({})
  member = await adult({ not: carer.person })
  desk = await signInStaff(bed, OURS, 'cashier')
  for (const { id, standing } of await links(carer.caller, 'my-family-members')) {
    if (['waiting', 'in_force'].includes(standing)) {
      await say(carer.caller, `my-family-links/${id}/end`)
    }
  }
})
afterAll(() => bed.stop())

const ageOf = ({ birthDate }: WorldPerson) =>
  yearsBetween(birthDate, businessDateOf(bed.clock.now()))

/** Somebody grown who has a card of the hospital, signed in. */
async function adult({ not }: { not?: WorldPerson }): Promise<Payer> {
  const person = bed.world.people.find(
    (other) => ageOf(other) >= 20 && other !== not && hasCard(other) && isInsured(other),
  )
  assert(person, 'there is somebody grown')
  return { person, caller: await signInPatient(bed, person) }
}

const hasCard = ({ media }: WorldPerson) =>
  media.hospitalCards.some(({ hospitalId }) => hospitalId === OURS)
const isInsured = ({ insurance }: WorldPerson) => insurance?.status === 'active'

function child(): WorldPerson {
  const person = bed.world.people.find((other) => ageOf(other) < 18 && hasCard(other))
  assert(person, 'there is a child')
  return person
}

/** The routes of a person name no hospital. */
const say = (caller: Caller, path: string, body: object = {}): Promise<Answer> =>
  caller.post(`../../${path}`, body)
const coded = ({ status, body }: Answer) => [status, body['code']]

type LinkRow = { id: string; standing: string; memberName: string; memberId: string }

async function links(caller: Caller, path: string): Promise<LinkRow[]> {
  const { body } = await caller.get(`../../${path}`)
  return body['items'] as LinkRow[]
}

async function textVersion(): Promise<string> {
  const { body } = await carer.caller.get('../../family-consent-text')
  return (body['text'] as { version: string }).version
}

async function ask(changes: object = {}, of: WorldPerson = member.person): Promise<Answer> {
  return say(carer.caller, 'my-family-members', {
    name: of.name,
    idNumber: of.idCardNo,
    relation: 'parent',
    ground: 'consent',
    scopes: ['book', 'bills', 'pay'],
    mostFen: null,
    expiresAt: addMs(bed.clock.now(), 180 * DAY_MS).toISOString(),
    textVersion: await textVersion(),
    ...changes,
  })
}

/** The member has said yes: the carer's calls for them. */
async function standing(
  changes: object = {},
): Promise<{ id: string; memberId: string; acting: Caller }> {
  const { body } = await ask(changes)
  const id = String(body['id'])
  const agreed = { verdict: 'agreed', textVersion: await textVersion() }
  const { status } = await say(member.caller, `my-carers/${id}/decision`, agreed)
  assert(status === 204, 'the member agrees')
  const memberId = String(body['memberId'])
  return { id, memberId, acting: await actingFor(memberId) }
}

/** The carer, who names the member in every request. */
async function actingFor(memberId: string): Promise<Caller> {
  const response = await fetch(`${bed.hubUrl}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ app: 'patient', login: carer.person.phone, password: DEMO_PASSWORD }),
  })
  const [cookie = ''] = (response.headers.getSetCookie()[0] ?? '').split(';')
  const proof = { cookie, 'x-yiqiao-app': 'patient', 'x-yiqiao-acting-for': memberId }
  return callerWith(bed.hubUrl, proof)
}

describe('[I4] somebody who acts for a member of the family', () => {
  it('does so when the member has agreed, and no more from the moment it is taken back', async () => {
    const { body } = await ask()
    const memberId = String(body['memberId'])
    expect(body).toMatchObject({ standing: 'waiting', ground: 'consent' })
    expect(body['memberName']).not.toBe(member.person.name)
    const early = await actingFor(memberId)
    expect(coded(await early.get('bills'))).toEqual([403, 'family.not_allowed'])

    const id = String(body['id'])
    const asked = await links(member.caller, 'my-carers')
    expect(asked[0]).toMatchObject({ id, standing: 'waiting', carerName: carer.person.name })
    const agreed = { verdict: 'agreed', textVersion: await textVersion() }
    await say(member.caller, `my-carers/${id}/decision`, agreed)
    expect((await early.get('bills')).status).toBe(200)
    expect((await links(carer.caller, 'my-family-members'))[0]?.memberName).toBe(member.person.name)

    await say(member.caller, `my-family-links/${id}/end`)
    expect(coded(await early.get('bills'))).toEqual([403, 'family.not_allowed'])
  })

  it('pays with their own wallet, and what is the member’s stays shut', async () => {
    const { acting } = await standing()
    const bill = billFor(bed, member)
    const seen = await acting.get('bills')
    expect(JSON.stringify(seen.body)).toContain(bill.billNo)
    const others = await carer.caller.get('bills')
    expect(JSON.stringify(others.body)).not.toContain(bill.billNo)

    const account = await acting.post('payments', {
      ...wishFor(bill),
      method: 'account',
      useAccount: true,
    })
    expect(coded(account)).toEqual([422, 'payments.payer_needed'])
    const quoted = await acting.post('payments', { ...wishFor(bill), method: 'account' })
    expect(quoted.status, JSON.stringify(quoted.body)).toBe(201)
    const actor = { person: carer.person, caller: acting }
    const payment = await confirm(actor, quoted.body as unknown as Payment)
    await payInWallet(bed, actor, payment)
    await bed.rest()

    const acts = await askOwner<{ actor: string }>(
      bed,
      'select actor from platform.audit where subject = $1 and action = $2',
      [`payment:${payment.id}`, 'payments.confirm'],
    )
    expect(acts.map(({ actor }) => actor)).toEqual([expect.stringMatching(/^person:.+:for:.+$/)])
    const own = await member.caller.post('payments', wishFor(billFor(bed, member)))
    const taken = await acting.post(`payments/${String(own.body['id'])}/confirmation`, {
      payFen: payFenOf(own.body as unknown as Payment),
    })
    expect(coded(taken)).toEqual([409, 'payments.begun_by_other'])

    const paid = await member.caller.get(`payments/${payment.id}`)
    expect(paid.body).toMatchObject({ status: 'succeeded', byCarer: true })
    expect(coded(await carer.caller.get(`payments/${payment.id}`))).toEqual([
      404,
      'payments.payment_not_found',
    ])
  })

  it('pays no more at once than the member lets them', async () => {
    const { acting } = await standing({ mostFen: 1 })
    const quoted = await acting.post('payments', {
      ...wishFor(billFor(bed, member)),
      method: 'account',
    })
    const payment = quoted.body as unknown as Payment
    const wish = { payFen: payFenOf(payment) }
    const refused = await acting.post(`payments/${payment.id}/confirmation`, wish)
    expect(coded(refused)).toEqual([422, 'payments.over_carer_limit'])
  })

  it('does nothing that was not allowed, and nothing that everybody does for themself', async () => {
    const { acting } = await standing({ scopes: ['book'] })
    expect((await acting.get('my-appointments')).status).toBe(200)
    expect(coded(await acting.get('bills'))).toEqual([403, 'family.scope_missing'])
    for (const path of ['../../me', '../../my-record-accesses', '../../my-carers', 'deposits']) {
      expect([path, ...coded(await acting.get(path))]).toEqual([path, 403, 'family.not_for_others'])
    }
    expect(coded(await (await actingFor('nobody')).get('bills'))).toEqual([
      403,
      'family.not_allowed',
    ])
  })

  it('is refused when it ran out', async () => {
    const expiresAt = addMs(bed.clock.now(), 2 * HOUR_MS).toISOString()
    const { acting, memberId } = await standing({ expiresAt })
    expect((await acting.get('bills')).status).toBe(200)
    bed.clock.advance(2 * HOUR_MS)
    const later = await actingFor(memberId)
    expect(coded(await later.get('bills'))).toEqual([403, 'family.not_allowed'])
  })
})

describe('[I4] a desk', () => {
  const lookUp = (idCardNo: string) =>
    desk.post('family-links/look-up', { kind: 'id_card', value: idCardNo })
  const decide = (id: string, evidence: string) =>
    desk.post(`family-links/${id}/decision`, { verdict: 'agreed', evidence })

  it('sees the documents of a child, whose word alone does not do', async () => {
    const kid = child()
    expect(coded(await ask({ relation: 'child' }, kid))).toEqual([400, 'family.proof_needed'])
    const { body } = await ask({ relation: 'child', ground: 'proof' }, kid)
    const id = String(body['id'])
    const acting = await actingFor(String(body['memberId']))
    expect(coded(await acting.get('my-appointments'))).toEqual([403, 'family.not_allowed'])

    const found = await lookUp(kid.idCardNo)
    expect(found.body['items']).toMatchObject([{ id, standing: 'waiting' }])
    expect(JSON.stringify(found.body)).not.toContain(kid.name)
    expect(coded(await decide(id, 'member_present'))).toEqual([400, 'family.evidence_wrong'])
    expect((await decide(id, 'birth_certificate')).status).toBe(204)
    expect((await acting.get('my-appointments')).status).toBe(200)
    expect(coded(await decide(id, 'birth_certificate'))).toEqual([409, 'family.not_waiting'])

    const ended = await desk.post(`family-links/${id}/end`, { reason: 'custody_changed' })
    expect(ended.status).toBe(204)
    expect(coded(await acting.get('my-appointments'))).toEqual([403, 'family.not_allowed'])
  })

  it('writes down what it has seen for somebody without a phone', async () => {
    const { body } = await ask()
    expect((await decide(String(body['id']), 'member_present')).status).toBe(204)
    const acting = await actingFor(String(body['memberId']))
    expect((await acting.get('bills')).status).toBe(200)
  })
})

describe('[I4] who asks', () => {
  it('learns nothing by trying numbers, and tries ten times a day', async () => {
    expect(coded(await ask({ name: '不是他' }))).toEqual([404, 'family.no_such_person'])
    expect(coded(await ask({ idNumber: '110101199003070000' }))).toEqual([
      404,
      'family.no_such_person',
    ])
    for (let tries = 0; tries < 8; tries++) await ask({ name: '不是他' })
    expect(coded(await ask())).toEqual([429, 'family.too_many_asks'])
  })

  it('is told what is wrong', async () => {
    expect(coded(await ask({}, carer.person))).toEqual([400, 'family.self'])
    expect(coded(await ask({ scopes: ['pay'] }))).toEqual([400, 'family.scopes_wrong'])
    expect(coded(await ask({ textVersion: 'older' }))).toEqual([409, 'family.text_outdated'])
    const late = addMs(bed.clock.now(), 400 * DAY_MS).toISOString()
    expect(coded(await ask({ expiresAt: late }))).toEqual([400, 'family.expires_wrong'])
    expect((await ask()).status).toBe(201)
    expect(coded(await ask())).toEqual([409, 'family.asked_already'])
  })

  it('is refused, and the member is not decided for by a stranger', async () => {
    const { body } = await ask()
    const id = String(body['id'])
    const decision = { verdict: 'agreed', textVersion: await textVersion() }
    expect(coded(await say(carer.caller, `my-carers/${id}/decision`, decision))).toEqual([
      404,
      'family.link_not_found',
    ])
    await say(member.caller, `my-carers/${id}/decision`, { ...decision, verdict: 'refused' })
    expect((await links(carer.caller, 'my-family-members'))[0]?.standing).toBe('refused')
    expect(coded(await say(member.caller, `my-carers/${id}/decision`, decision))).toEqual([
      409,
      'family.not_waiting',
    ])
  })
})
