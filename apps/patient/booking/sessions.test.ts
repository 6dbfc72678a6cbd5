import { expect, it } from 'vitest'

import { type Appointment, departmentsOf, type Session, sortedByTime } from './sessions.ts'

const NOW = Date.parse('2026-11-23T10:00:00+08:00')

const session = (department: string, doctor: string) =>
  ({
    department: { code: department, name: department },
    doctor: { code: doctor, name: doctor },
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
  expect(departmentsOf(all, '').map(({ name }) => name)).toEqual(['心内科', '骨科'])
  expect(departmentsOf(all, ' 李 ')).toMatchObject([{ name: '骨科', sessions: [all[1]] }])
  expect(departmentsOf(all, '心内')[0]?.sessions).toHaveLength(2)
  expect(departmentsOf(all, '眼科')).toEqual([])
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
