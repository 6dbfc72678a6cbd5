import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate, MINUTE_MS } from '../../kernel/time.ts'
import { systemActor } from '../../platform/principal.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { checkDigitOf, createIdentity, type Identity, type NewPerson } from './index.ts'

const platform = testPlatform()
const hospitalId = 7 as HospitalId
const by = { hospitalId, actor: systemActor('desk'), reason: 'asked at the desk' }
const CODE = 'e1d10aac73d0b947060b099128732c969a6ef97a6014bf41b3d19eef9a4fbb18'
const seal = createSeal(new Uint8Array(32), platform.random)
let db: TestDatabase
let identity: Identity

beforeAll(async () => {
  db = await createTestDatabase()
  identity = createIdentity({
    db,
    ...platform,
    seal,
  })
})
afterAll(() => db[Symbol.asyncDispose]())

let people = 0
const somebody = (change: Partial<NewPerson> = {}) => {
  const body = `110101198001${String((people % 28) + 1).padStart(2, '0')}${String((people += 1)).padStart(3, '0')}`
  return identity.registerPerson({
    name: '买买提·艾力',
    idCardNo: body + checkDigitOf(body),
    phone: null,
    gender: 'male',
    birthDate: businessDate('1980-01-01'),
    media: [],
    ...change,
  })
}
const active = (personId: string) => ({ personId, currentPersonId: personId, status: 'active' })

describe('a medium', () => {
  it('[I1] of any kind finds its person, whichever way it is written', async () => {
    const personId = await somebody({ idCardNo: '110105491231002' })
    const media = [
      { kind: 'social_card', value: 'A123' },
      { kind: 'insurance_voucher', value: '370000TOKEN' },
      { kind: 'health_code', value: `${CODE}:0` },
      { kind: 'hospital_card', value: 'C1', hospitalId },
      { kind: 'bank_card', value: 'tok_4f1' },
      { kind: 'face_token', value: 'face-1' },
      { kind: 'wechat_openid', value: 'o-1' },
      { kind: 'alipay_openid', value: 'o-1' },
    ] as const
    for (const medium of media) await identity.bindMedium(personId, medium, by)
    for (const medium of media)
      expect(await identity.resolveMedium(medium)).toEqual(active(personId))
    for (const value of ['11010519491231002x', '11010519491231002X', '110105491231002']) {
      expect(await identity.resolveMedium({ kind: 'id_card', value })).toEqual(active(personId))
    }
    const upper = { kind: 'health_code', value: CODE.toUpperCase() } as const
    expect(await identity.resolveMedium(upper)).toEqual(active(personId))
    expect(await identity.resolveMedium({ kind: 'social_card', value: 'B' })).toBeNull()
  })

  it('[I1] has one holder, however many bind it at once', async () => {
    const [one, other] = [await somebody(), await somebody()]
    const medium = { kind: 'social_card', value: 'S-1' } as const
    const tries = await Promise.allSettled(
      [one, other, one, other].map((id) => identity.bindMedium(id, medium, by)),
    )
    const holder = (await identity.resolveMedium(medium))?.personId
    expect([one, other]).toContain(holder)
    const failed = tries.filter(({ status }) => status === 'rejected')
    expect(failed).toHaveLength(2)
    for (const { reason } of failed as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ code: 'identity.medium_taken' })
    }
  })

  it('[I1] is told apart at two desks at once: one child is one person', async () => {
    const mother = await somebody()
    const child = { motherId: mother, birthDate: businessDate('2026-11-20'), birthOrder: 1 }
    const told = () => identity.registerNewborn({ ...child, gender: 'female' }, by)
    const ids = await Promise.all([told(), told(), told(), told()])
    expect(new Set(ids).size).toBe(1)
  })

  it('[I1] that is a bank card is found by its number, and the number is not kept', async () => {
    const personId = await somebody()
    const medium = { kind: 'bank_card', value: '6225 7512 3456 1496' } as const
    await identity.bindMedium(personId, medium, by)
    const [, card] = await identity.mediaOf(personId)
    expect(card?.masked).toBe('622575******1496')
    expect(await identity.resolveMedium({ ...medium, value: '6225751234561496' })).toEqual(
      active(personId),
    )
    const { rows } = await sql<{ sealed: string }>`
      select value_sealed as sealed from identity.medium
      where person_id = ${personId} and kind = 'bank_card'`.execute(db)
    const place = { purpose: 'identity.medium.bank_card', owner: 'region' } as const
    const row = `${personId}/${card?.id}`
    expect(seal.open({ ...place, row }, rows[0]?.sealed ?? '')).toBe('622575******1496')
  })

  it('[I1] made for minutes finds its person until then, and a merged one the survivor', async () => {
    const [one, survivor] = [await somebody(), await somebody()]
    const medium = { kind: 'health_code_dynamic', value: `${CODE.replace('e1', 'e2')}:1` } as const
    await identity.bindMedium(one, medium, by)
    const find = () => identity.findPersonByMedium(medium.kind, medium.value)
    expect(await find()).toBe(one)
    await db
      .transaction()
      .execute((tx) =>
        identity.linkPeople(tx, { personId: one, survivorId: survivor, actId: platform.newId() }),
      )
    expect(await find()).toBe(survivor)
    platform.clock.advance(5 * MINUTE_MS)
    expect(await find()).toBeNull()
  })

  it('[I1] that is lost finds nobody and is nobody else’s, until it is found or replaced', async () => {
    const [one, other] = [await somebody(), await somebody()]
    const medium = { kind: 'hospital_card', value: 'C-9', hospitalId } as const
    const mediumId = await identity.bindMedium(one, medium, by)
    await identity.reportLost(one, mediumId, by)
    expect(await identity.resolveMedium(medium)).toEqual({ ...active(one), status: 'lost' })
    expect(await identity.findPersonByMedium('hospital_card', 'C-9', hospitalId)).toBeNull()
    await expect(identity.bindMedium(other, medium, by)).rejects.toMatchObject({
      code: 'identity.medium_taken',
    })
    await expect(identity.reportLost(one, mediumId, by)).rejects.toMatchObject({
      code: 'identity.medium_not_active',
    })
    expect(await identity.bindMedium(one, medium, by)).toBe(mediumId)
    expect(await identity.resolveMedium(medium)).toEqual(active(one))
    await identity.replaceMedium(one, mediumId, 'C-10', by)
    expect(await identity.resolveMedium(medium)).toMatchObject({ status: 'replaced' })
    expect(await identity.resolveMedium({ ...medium, value: 'C-10' })).toEqual(active(one))
    const history = await identity.mediumHistory(one)
    expect(history.map(({ event, masked }) => [event, masked])).toEqual([
      ['bound', '***'],
      ['lost', '***'],
      ['bound', '***'],
      ['replaced', '***'],
      ['bound', '****'],
    ])
    expect(history[0]).toMatchObject({ actor: 'system:desk', reason: 'asked at the desk' })
  })

  it('[I1] that is unbound may be somebody else’s', async () => {
    const [one, other] = [await somebody(), await somebody()]
    const medium = { kind: 'bank_card', value: 'tok_7' } as const
    const mediumId = await identity.bindMedium(one, medium, by)
    expect(await identity.bindMedium(one, medium, by)).toBe(mediumId)
    await identity.unbindMedium(one, mediumId, by)
    expect(await identity.resolveMedium(medium)).toBeNull()
    await identity.bindMedium(other, medium, by)
    expect(await identity.resolveMedium(medium)).toEqual(active(other))
    await expect(identity.unbindMedium(other, mediumId, by)).rejects.toMatchObject({
      code: 'identity.medium_not_found',
    })
  })

  it('[I1] a replacement that is somebody else’s leaves the old one as it was', async () => {
    const [one, other] = [await somebody(), await somebody()]
    const old = { kind: 'social_card', value: 'R-1' } as const
    const mediumId = await identity.bindMedium(one, old, by)
    await identity.bindMedium(other, { ...old, value: 'R-2' }, by)
    await expect(identity.replaceMedium(one, mediumId, 'R-2', by)).rejects.toMatchObject({
      code: 'identity.medium_taken',
    })
    expect(await identity.resolveMedium(old)).toEqual(active(one))
  })

  it('[I1] a code made for minutes is over after them, and may then be somebody else’s', async () => {
    const [one, other] = [await somebody(), await somebody()]
    const medium = { kind: 'health_code', value: `${'A'.repeat(64)}:1` } as const
    await identity.bindMedium(one, medium, by)
    expect(await identity.resolveMedium(medium)).toEqual(active(one))
    await expect(identity.bindMedium(other, medium, by)).rejects.toMatchObject({
      code: 'identity.medium_taken',
    })
    platform.clock.advance(5 * MINUTE_MS + 1)
    expect(await identity.resolveMedium(medium)).toMatchObject({ status: 'expired' })
    await identity.bindMedium(other, medium, by)
    expect(await identity.resolveMedium(medium)).toEqual(active(other))
    await expect(somebody({ media: [medium] })).rejects.toMatchObject({
      code: 'identity.person_invalid',
    })
  })

  it.each([
    ['110105194912310021', 'check_digit'],
    ['110105190002290010', 'birth_date'],
    ['1101', 'length'],
  ])('[I1] the number %s is refused for its %s', async (value, fault) => {
    const personId = await somebody()
    await expect(
      identity.bindMedium(personId, { kind: 'id_card', value }, by),
    ).rejects.toMatchObject({ code: 'identity.id_number_wrong', params: { fault } })
  })

  it('[I1] a foreigner is known by a passport', async () => {
    const personId = await somebody({ idCardNo: 'e12345678', idKind: 'passport' })
    const found = await identity.resolveMedium({ kind: 'passport', value: 'E12345678' })
    expect(found).toEqual(active(personId))
    expect(await identity.resolveMedium({ kind: 'id_card', value: 'E12345678' })).toBeNull()
  })
})

describe('somebody not known yet', () => {
  it('[I1] a newborn is the mother’s, once for each order of a birth', async () => {
    const motherId = await somebody({ name: '王芳' })
    const birth = { motherId, birthDate: businessDate('2024-02-29'), gender: 'female' } as const
    const first = await identity.registerNewborn({ ...birth, birthOrder: 1 }, by)
    expect(await identity.registerNewborn({ ...birth, birthOrder: 1 }, by)).toBe(first)
    const second = await identity.registerNewborn({ ...birth, birthOrder: 2 }, by)
    expect(second).not.toBe(first)
    const [one, two] = await identity.factsOf([first, second])
    expect([one?.name, two?.name]).toEqual(['王芳之女', '王芳之女2'])
    expect(await identity.personView(first, 'owner')).toMatchObject({ idCardNo: '' })
  })

  it('[I1] a stranger has a wristband, and is identified later', async () => {
    const personId = await identity.registerUnidentified(
      { wristbandNo: 'ER-01', gender: 'male' },
      by,
    )
    const wristband = { kind: 'emergency', value: 'ER-01', hospitalId } as const
    expect(await identity.resolveMedium(wristband)).toEqual(active(personId))
    const facts = {
      name: '李雷',
      idCardNo: '110105194912310020',
      phone: '13800000001',
      gender: 'male',
      birthDate: businessDate('1949-12-31'),
    } as const
    const wrong = { code: 'identity.id_number_wrong' }
    await expect(identity.identifyPerson(personId, facts, by)).rejects.toMatchObject(wrong)
    const body = '11010519491231004'
    const right = { ...facts, idCardNo: body + checkDigitOf(body) }
    await identity.identifyPerson(personId, right, by)
    await expect(identity.identifyPerson(personId, right, by)).rejects.toMatchObject({
      code: 'identity.already_identified',
    })
    const found = await identity.resolveMedium({ kind: 'id_card', value: right.idCardNo })
    expect(found).toEqual(active(personId))
    expect(await identity.resolveMedium(wristband)).toEqual(active(personId))
    const known = await identity.registerUnidentified({ wristbandNo: 'ER-02', gender: 'male' }, by)
    await expect(identity.identifyPerson(known, right, by)).rejects.toMatchObject({
      code: 'identity.medium_taken',
    })
  })
})

describe('a real name', () => {
  it('[I1] is what a register said last, and silence says nothing', async () => {
    const personId = await somebody({ name: '张三' })
    expect(await identity.realNameStanding(personId)).toBeNull()
    const asked: object[] = []
    const police = {
      name: 'police',
      check: async (person: object) => {
        asked.push(person)
        return { outcome: 'match', reference: 'R1' } as const
      },
    }
    await identity.checkRealName(personId, police)
    expect(asked).toMatchObject([{ name: '张三' }])
    expect(await identity.realNameStanding(personId)).toEqual({
      register: 'police',
      outcome: 'match',
      reference: 'R1',
      checkedAt: platform.clock.now(),
    })
    const silent = { name: 'police', check: () => Promise.reject(new Error('timed out')) }
    expect(await identity.checkRealName(personId, silent)).toMatchObject({ outcome: 'unknown' })
  })
})
