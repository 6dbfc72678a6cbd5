import { expect, it } from 'vitest'

import {
  type Appointment,
  clinicOf,
  equalTo,
  firstDay,
  groupsOf,
  type Session,
  sortedByTime,
} from './sessions.ts'

const NOW = Date.parse('2026-11-23T10:00:00+08:00')

const session = (department: string, doctor: string, more: Partial<Session> = {}) =>
  ({
    id: doctor,
    department: { code: department, name: department },
    doctor: { code: doctor, name: doctor },
    clinic: '普通',
    businessDate: '2026-11-24',
    startsAt: '2026-11-24T08:00:00+08:00',
    endsAt: '2026-11-24T12:00:00+08:00',
    releasesAt: '2026-11-16T07:00:00+08:00',
    feeFen: 0,
    status: 'open',
    left: 1,
    ...more,
  }) as Session

const appointment = (id: string, status: Appointment['status'], day: string, fee = 'none') =>
  ({
    id,
    status,
    fee,
    startsAt: `${day}T08:00:00+08:00`,
    endsAt: `${day}T12:00:00+08:00`,
  }) as Appointment

it('[J1] a doctor is found by part of the name, and a department with all its doctors', () => {
  const all = [session('心内科', '张明远'), session('骨科', '李强'), session('心内科', '王芳')]
  const groups = (find: string) => groupsOf(all, { find, by: 'department', now: NOW })
  expect(groups('').map(({ name }) => name)).toEqual(['心内科', '骨科'])
  expect(groups(' 李 ')).toMatchObject([{ name: '骨科', sessions: [all[1]] }])
  expect(groups('心内')[0]?.sessions).toHaveLength(2)
  expect(groups('眼科')).toEqual([])
})

it('[J1] what is to come stands by its time, and money under way with it', () => {
  const all = [
    appointment('late', 'booked', '2026-11-27'),
    appointment('seen', 'finished', '2026-11-20'),
    appointment('soon', 'held', '2026-11-24'),
    appointment('back', 'cancelled', '2026-11-26', 'returning'),
    appointment('gone', 'cancelled', '2026-11-25', 'returned'),
  ]
  const { upcoming, past } = sortedByTime(all, NOW)
  expect(upcoming.map(({ id }) => id)).toEqual(['soon', 'back', 'late'])
  expect(past.map(({ id }) => id)).toEqual(['gone', 'seen'])
})

it('[J1] a session that is over is not offered, and a department’s own stand by their days', () => {
  const past = session('骨科', '早', { endsAt: '2026-11-23T09:00:00+08:00' })
  const later = session('骨科', '晚', { businessDate: '2026-11-25' })
  const all = [past, session('骨科', '李强'), later]
  const groups = groupsOf(all, { find: '', by: 'day', now: NOW })
  expect(groups.map(({ name }) => name)).toEqual(['2026-11-24', '2026-11-25'])
})

it('[J1] the day shown first is tomorrow once the afternoon is on', () => {
  expect(firstDay(Date.parse('2026-11-23T13:59:59+08:00'))).toBe('2026-11-23')
  expect(firstDay(Date.parse('2026-11-23T14:00:00+08:00'))).toBe('2026-11-24')
})

it('[J1] the kind of a clinic does not repeat its department', () => {
  const named = (clinic: string) => clinicOf(session('骨科', '李强', { clinic }))
  expect([named('骨科 主任医师'), named('专家'), named('骨科')]).toEqual([
    '主任医师',
    '专家',
    '骨科',
  ])
})

it('[J11] only what the hub would take in its place is offered for a stopped number', () => {
  const own = { sessionId: '李强', departmentCode: '骨科', feeFen: 0 } as Appointment
  const fits = session('骨科', '王芳')
  const all = [
    session('骨科', '李强'),
    fits,
    session('眼科', '张'),
    session('骨科', '贵', { feeFen: 100 as Session['feeFen'] }),
    session('骨科', '满', { left: 0 }),
    session('骨科', '停', { status: 'stopped' }),
    session('骨科', '未', { releasesAt: '2026-11-23T11:00:00+08:00' }),
    session('骨科', '过', { startsAt: '2026-11-23T09:00:00+08:00' }),
  ]
  expect(equalTo(own, all, NOW)).toEqual([fits])
})
