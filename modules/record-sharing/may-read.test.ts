import { describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import type { Consent, ConsentId, GlassId, PersonId } from './consent.ts'
import { mayRead } from './may-read.ts'

const HOLDER = 1 as HospitalId
const READER = 2 as HospitalId
const at = (hour: number) => new Date(Date.UTC(2026, 10, 23, hour))

const consent: Consent = {
  id: 'c' as ConsentId,
  personId: 'p' as PersonId,
  holderId: HOLDER,
  readerId: READER,
  purpose: 'treatment',
  kinds: ['report'],
  textVersion: '2026-11',
  givenAt: at(1),
  expiresAt: at(9),
  withdrawnAt: null,
}
const reading = {
  holderId: HOLDER,
  readerId: READER,
  reader: 'staff:one',
  purpose: 'treatment',
  kind: 'report',
  now: at(2),
} as const
const glass = {
  id: 'g' as GlassId,
  holderId: HOLDER,
  readerId: READER,
  openedBy: 'staff:one',
  openedAt: at(1),
  until: at(5),
}
const refused = (by: string) => ({ allowed: false, by, id: null })

describe('[I5] who may read a record', () => {
  it('its own hospital, without being asked', () => {
    expect(mayRead({ ...reading, readerId: HOLDER }, [], [])).toMatchObject({ by: 'own_hospital' })
  })

  it('another by a consent that stands: for its purpose, its kinds and its time', () => {
    expect(mayRead(reading, [consent], [])).toEqual({ allowed: true, by: 'consent', id: 'c' })
    expect(mayRead({ ...reading, now: at(9) }, [consent], [])).toEqual(refused('expired'))
    expect(mayRead({ ...reading, now: at(0) }, [consent], [])).toEqual(refused('expired'))
    expect(mayRead({ ...reading, kind: 'visit' }, [consent], [])).toEqual(refused('other_kind'))
    const other = { ...reading, purpose: 'referral' } as const
    expect(mayRead(other, [consent], [])).toEqual(refused('other_purpose'))
    const withdrawn = { ...consent, withdrawnAt: at(2) }
    expect(mayRead(reading, [withdrawn], [])).toEqual(refused('withdrawn'))
  })

  it('no other hospital, and no records of another', () => {
    const third = { ...reading, readerId: 3 as HospitalId }
    expect(mayRead(third, [consent], [glass])).toEqual(refused('none'))
    expect(mayRead({ ...reading, holderId: 3 as HospitalId }, [consent], [glass])).toEqual(
      refused('none'),
    )
  })

  it('one that stands beside one that does not, and the nearest miss is told', () => {
    const withdrawn = { ...consent, withdrawnAt: at(2) }
    expect(mayRead(reading, [withdrawn, consent], [])).toMatchObject({ by: 'consent' })
    const other = { ...consent, purpose: 'referral' } as const
    expect(mayRead(reading, [other, withdrawn], [])).toEqual(refused('withdrawn'))
  })

  it('whoever broke a glass, to treat and for nothing else, and nobody beside them', () => {
    const referral = { ...reading, purpose: 'referral' } as const
    expect(mayRead(referral, [], [glass])).toEqual(refused('none'))
    expect(mayRead({ ...reading, reader: 'staff:two' }, [], [glass])).toEqual(refused('none'))
  })

  it('by a broken glass until it runs out, and by a consent rather than that', () => {
    expect(mayRead(reading, [], [glass])).toEqual({ allowed: true, by: 'break_glass', id: 'g' })
    expect(mayRead({ ...reading, now: at(5) }, [], [glass])).toEqual(refused('none'))
    expect(mayRead(reading, [consent], [glass])).toMatchObject({ by: 'consent' })
  })
})
