import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate, DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import { auditAbout, createAudit } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import { createPublish } from '../../platform/events.ts'
import type { Actor } from '../../platform/principal.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createIdentity, type Identity, type NewPerson, type PersonId } from '../identity/index.ts'
import { checkDigitOf } from '../identity/index.ts'
import { createPersonIndex, type PersonIndex, type TrailPayment } from './index.ts'
import { createNameCounts } from './name-counts.ts'

const platform = testPlatform()
const { clock, newId } = platform
const hospitalId = 41 as HospitalId
const actor = (name: string): Actor => ({ name: `staff:${name}`, requestId: null })
const [clerk, chief] = [actor('clerk'), actor('chief')]
const paid: TrailPayment[] = []
let db: TestDatabase
let identity: Identity
let index: PersonIndex

beforeAll(async () => {
  db = await createTestDatabase()
  const seal = createSeal(new Uint8Array(32).fill(3), platform.random)
  identity = createIdentity({ db, ...platform, seal })
  index = createPersonIndex({
    db,
    clock,
    newId,
    seal,
    audit: createAudit(platform),
    publish: createPublish({ ...platform, wake: () => undefined }),
    identity,
    trail: {
      paymentsOf: async (_tx, _hospitalId, personIds) =>
        paid.filter(({ personId }) => personIds.includes(personId)),
    },
    population: 8_000_000,
  })
})
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void paid.splice(0))

let people = 0
const somebody = (change: Partial<NewPerson> = {}): Promise<PersonId> => {
  people += 1
  const body = `990101197${people % 10}0615${String(people).padStart(3, '0')}`
  return identity.registerPerson({
    name: `赵${String.fromCodePoint(0x5000 + people)}`,
    idCardNo: body + checkDigitOf(body),
    phone: null,
    gender: 'male',
    birthDate: businessDate('1980-06-15'),
    media: [],
    ...change,
  })
}

const pay = (personId: PersonId, openRefunds = 0): string => {
  const paymentId = newId<'Payment'>()
  const payment = { paymentId, personId, amountFen: fen(100), status: 'succeeded', openRefunds }
  paid.push({ ...payment, createdAt: clock.now() })
  return paymentId
}

const link = async (
  personId: PersonId,
  survivorId: PersonId,
  kind: 'link' | 'separate' = 'link',
) => {
  const act = { kind, personId, survivorId, reason: 'the same papers' }
  const id = await index.propose(hospitalId, act, clerk)
  await index.decide({ hospitalId, id }, { agrees: true, reason: 'seen' }, chief)
}

const unlink = async (
  personId: PersonId,
  survivorId: PersonId,
  reassign: { paymentId: string; toPersonId: PersonId }[] = [],
) => {
  const act = { kind: 'unlink' as const, personId, survivorId, reason: 'a mistake', reassign }
  const id = await index.propose(hospitalId, act, clerk)
  await index.decide({ hospitalId, id }, { agrees: true, reason: 'seen' }, chief)
}

describe('linking', () => {
  it('[I1] reads two records as one, by two persons, and leaves every row where it is', async () => {
    const [one, other] = [await somebody(), await somebody()]
    await identity.bindMedium(one, { kind: 'social_card', value: 'L-1' }, by('bind'))
    const [first, second] = [pay(one), pay(other)]
    const act = {
      kind: 'link',
      personId: one,
      survivorId: other,
      reason: 'the same papers',
    } as const
    const id = await index.propose(hospitalId, act, clerk)
    expect(await identity.currentPersonOf(one)).toBe(one)
    await expect(index.propose(hospitalId, act, clerk)).rejects.toMatchObject({
      code: 'person_index.act_proposed',
    })
    const yes = { agrees: true, reason: 'seen' }
    await expect(index.decide({ hospitalId, id }, yes, clerk)).rejects.toMatchObject({
      code: 'person_index.decided_by_same_person',
    })
    await index.decide({ hospitalId, id }, yes, chief)
    await expect(index.decide({ hospitalId, id }, yes, chief)).rejects.toMatchObject({
      code: 'person_index.act_decided',
    })
    expect(await identity.resolveMedium({ kind: 'social_card', value: 'L-1' })).toEqual({
      personId: one,
      currentPersonId: other,
      status: 'active',
    })
    const picture = await index.personPicture(one, hospitalId)
    expect(picture).toMatchObject({ currentPersonId: other, records: [other, one] })
    expect(picture.payments?.map(({ paymentId, shownWith }) => [paymentId, shownWith])).toEqual([
      [first, one],
      [second, other],
    ])
    const audit = await inHospital(db, hospitalId, (tx) =>
      auditAbout(tx, hospitalId, `person:${one}`),
    )
    expect(audit.map(({ actor: by, action }) => [by, action]).slice(-2)).toEqual([
      ['staff:clerk', 'person_index.propose_link'],
      ['staff:chief', 'person_index.agree_link'],
    ])
  })

  it('[I1] refuses a circle, a second link, itself and nobody, each by its name', async () => {
    const [a, b, c] = [await somebody(), await somebody(), await somebody()]
    await link(a, b)
    await link(b, c)
    const propose = (personId: PersonId, survivorId: PersonId) =>
      index.propose(hospitalId, { kind: 'link', personId, survivorId, reason: '' }, clerk)
    const nobody = newId<'Person'>()
    const refused: [PersonId, PersonId, string][] = [
      [c, a, 'identity.link_circular'],
      [c, b, 'identity.link_circular'],
      [a, c, 'identity.already_linked'],
      [a, await somebody(), 'identity.already_linked'],
      [a, a, 'identity.link_to_itself'],
      [c, nobody, 'identity.person_not_found'],
    ]
    for (const [personId, survivorId, code] of refused) {
      await expect(propose(personId, survivorId)).rejects.toMatchObject({ code })
    }
    await expect(
      index.propose(hospitalId, { kind: 'unlink', personId: c, survivorId: a, reason: '' }, clerk),
    ).rejects.toMatchObject({ code: 'identity.not_linked' })
  })

  it('[I1] a circle that two proposals would make is refused when the second is decided', async () => {
    const [a, b] = [await somebody(), await somebody()]
    const propose = (personId: PersonId, survivorId: PersonId) =>
      index.propose(hospitalId, { kind: 'link', personId, survivorId, reason: '' }, clerk)
    const [there, back] = [await propose(a, b), await propose(b, a)]
    const decide = (id: typeof there) =>
      index.decide({ hospitalId, id }, { agrees: true, reason: '' }, chief)
    const decided = await Promise.allSettled([decide(there), decide(back)])
    expect(decided.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const failed = decided.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(failed.reason).toMatchObject({ code: 'identity.link_circular' })
  })

  it('[I1] people with open refunds may be linked: the refunds are named, and stay where they are', async () => {
    const [one, other] = [await somebody(), await somebody()]
    pay(one, 2)
    pay(other, 1)
    await link(one, other)
    const { acts, payments } = await index.personPicture(other, hospitalId)
    expect(acts[0]?.facts).toMatchObject({ openRefunds: 3, payments: 2 })
    expect(payments?.map(({ personId, openRefunds }) => [personId, openRefunds])).toEqual([
      [one, 2],
      [other, 1],
    ])
    await unlink(one, other)
    expect((await index.personPicture(one, hospitalId)).payments).toMatchObject([
      { openRefunds: 2 },
    ])
  })

  it('[I1] what was paid in between stays with its record, or is shown with the other when two say so', async () => {
    const [one, other] = [await somebody(), await somebody()]
    await link(one, other)
    const [stays, goes] = [pay(other), pay(other)]
    const stranger = pay(await somebody())
    const reassign = (paymentId: string) => [{ paymentId, toPersonId: one }]
    await expect(unlink(one, other, reassign(stranger))).rejects.toMatchObject({
      code: 'person_index.payment_not_of_link',
    })
    await unlink(one, other, reassign(goes))
    const shown = async (personId: PersonId) =>
      (await index.personPicture(personId, hospitalId)).payments?.map((payment) => [
        payment.paymentId,
        payment.personId === other,
        payment.shownWith === personId,
      ])
    expect(await shown(one)).toEqual([[goes, true, true]])
    expect(await shown(other)).toEqual([[stays, true, true]])
    expect(await identity.currentPersonOf(one)).toBe(one)
  })

  it('[I1] what was proposed and is not so any more is refused when it is decided', async () => {
    const [a, b, c] = [await somebody(), await somebody(), await somebody()]
    await link(a, b)
    const end = { kind: 'unlink', personId: a, survivorId: b, reason: '' } as const
    const stale = await index.propose(hospitalId, end, clerk)
    await db.transaction().execute((tx) => identity.unlinkPeople(tx, a))
    await link(a, c)
    const decision = { agrees: true, reason: '' }
    await expect(index.decide({ hospitalId, id: stale }, decision, chief)).rejects.toMatchObject({
      code: 'identity.not_linked',
    })
    expect(await identity.currentPersonOf(a)).toBe(c)
    await index.decide({ hospitalId, id: stale }, { agrees: false, reason: 'over' }, chief)
    await expect(index.lookAt(newId<'Person'>(), hospitalId, clerk)).rejects.toMatchObject({
      code: 'identity.person_not_found',
    })
  })

  it('[I1] any links, undone in any order, give everybody as they were', async () => {
    const pool = await Promise.all(Array.from({ length: 6 }, () => somebody()))
    const pairs = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(pairs, fc.infiniteStream(fc.nat(100)), async (wanted, order) => {
        const linked: PersonId[] = []
        const parents = new Map<PersonId, PersonId>()
        for (const [i, j] of wanted) {
          const [personId, survivorId] = [pool[i], pool[j]] as [PersonId, PersonId]
          const isLinked = await db
            .transaction()
            .execute((tx) => identity.linkPeople(tx, { personId, survivorId, actId: newId() }))
            .then(
              () => true,
              () => false,
            )
          // A model of what must come out: a link joins two that are current and not the same, and nothing else.
          const isRight = i !== j && !parents.has(personId) && !parents.has(survivorId)
          expect(isLinked).toBe(isRight)
          if (isLinked) {
            linked.push(personId)
            parents.set(personId, survivorId)
          }
        }
        while (linked.length > 0) {
          const at = Number(order.next().value) % linked.length
          const [personId] = linked.splice(at, 1) as [PersonId]
          await db.transaction().execute((tx) => identity.unlinkPeople(tx, personId))
          parents.delete(personId)
          for (const one of pool)
            expect(await identity.currentPersonOf(one)).toBe(rootOf(one, parents))
        }
        for (const one of pool) expect(await identity.recordsOf(one)).toEqual([one])
      }),
      { numRuns: 25 },
    )
  })
})

describe('looking for somebody', () => {
  const known: Partial<NewPerson> = {
    name: '王晓峰',
    phone: '13912345678',
    birthDate: businessDate('1984-06-15'),
    address: '海岳市和平区建设路12号3-401',
  }

  it('[I1] links what is certain, by the system, and two persons can part it for good', async () => {
    const first = await somebody(known)
    await index.lookAt(first, hospitalId, clerk)
    const again = await somebody({
      ...known,
      name: '王曉峯',
      idCardNo: 'P1234567',
      idKind: 'passport',
    })
    expect(await index.lookAt(again, hospitalId, clerk)).toEqual({ linkedTo: first, raised: 0 })
    await unlink(again, first)
    await index.lookAt(again, hospitalId, clerk)
    expect(await identity.currentPersonOf(again)).toBe(again)
  })

  it('[I1] puts what might be on the work list, once, and not what was decided to be two people', async () => {
    const both = { ...known, phone: '13700000001', address: '海岳市长江区青年路1号' }
    const first = await somebody({
      ...both,
      name: '钱多多',
      idCardNo: numberOf('99010119840615322'),
    })
    const second = await somebody({
      ...both,
      name: '钱多朵',
      idCardNo: 'P7654321',
      idKind: 'passport',
    })
    for (const id of [first, second, first]) await index.lookAt(id, hospitalId, clerk)
    const mine = async () =>
      (await index.candidates(hospitalId, { after: undefined, limit: 50 })).filter(
        ({ low_id, high_id }) => [low_id, high_id].includes(first),
      )
    const [raised, ...more] = await mine()
    expect(more).toEqual([])
    expect(raised).toMatchObject({ status: 'open', grade: 'probable', doubts: ['name_differs'] })
    expect(await identity.currentPersonOf(second)).toBe(second)
    const id = raised?.id as never
    const seen = await index.candidate(hospitalId, id, { actor: clerk, roles: ['auditor'] })
    expect(seen.sides[0]).toMatchObject({
      name: '*多多',
      idNumber: expect.stringMatching(/^9\*{16}.$/) as string,
      birthDate: '1984-**-**',
      phone: '137******01',
      address: '海岳市长江区***',
    })
    const desk = await index.candidate(hospitalId, id, { actor: clerk, roles: ['cashier'] })
    expect(desk.sides[1]).toMatchObject({ name: '钱多朵', phone: '137****0001' })
    await link(first, second, 'separate')
    expect(await mine()).toEqual([])
    const act = { kind: 'link', personId: first, survivorId: second, reason: '' } as const
    await expect(index.propose(hospitalId, act, clerk)).rejects.toMatchObject({
      code: 'person_index.known_as_separate',
    })
    await index.lookAt(second, hospitalId, clerk)
    expect(await mine()).toEqual([])
  })

  it('[I1] enters those who registered by themselves, each once, and answers graded', async () => {
    clock.advance(2 * MINUTE_MS)
    while ((await index.catchUp(10)) > 0);
    const late = await somebody({ name: '孙悟空', phone: '13811112222' })
    expect(await index.catchUp(1_000)).toBe(0)
    clock.advance(2 * MINUTE_MS)
    expect(await index.catchUp(1_000)).toBe(1)
    expect(await index.catchUp(1_000)).toBe(0)
    const [facts] = await identity.factsOf([late])
    if (!facts) throw new Error('the person was registered')
    const [found] = await index.match(facts)
    expect(found).toMatchObject({ grade: 'certain', candidate: { personId: late } })
    expect(await index.match({ ...facts, name: '?', idNumber: null, phone: null })).toEqual([])
  })

  it('[I1] names are counted by one process, once a day, and known to the others', async () => {
    const seal = createSeal(new Uint8Array(32).fill(3), platform.random)
    const names = () => createNameCounts({ db, clock, seal, identity })
    const [worker, api] = [names(), names()]
    expect((await api.frequencies()).counted).toBe(0)
    const counted = await worker.learnNames()
    expect(counted).toBeGreaterThan(0)
    expect(await names().learnNames()).toBe(0)
    expect((await worker.frequencies()).counted).toBe(counted)
    expect((await api.frequencies()).counted).toBe(0)
    clock.advance(HOUR_MS + 1)
    const known = await api.frequencies()
    expect(known.counted).toBe(counted)
    expect(known.shareOf('王晓峰')).toBeGreaterThan(0)
    await somebody()
    clock.advance(DAY_MS)
    expect(await worker.learnNames()).toBe(counted + 1)
    const { rows } = await sql<{ text: string }>`
      select counts_sealed as text from person_index.name_counts`.execute(db)
    expect(rows[0]?.text).toMatch(/^v2\.1\.region\./)
  })
})

const by = (reason: string) => ({ hospitalId, actor: clerk, reason })

const numberOf = (body: string) => body + checkDigitOf(body)

const rootOf = (id: PersonId, parents: ReadonlyMap<PersonId, PersonId>): PersonId => {
  const parent = parents.get(id)
  return parent ? rootOf(parent, parents) : id
}
