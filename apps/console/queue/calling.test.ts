import { expect, it } from 'vitest'

import { newCalls } from './calling.ts'
import type { Board } from './words.ts'

const board = (states: Board['places'][number]['state'][]): Board => ({
  at: '2026-11-24T01:00:00.000Z',
  line: {
    id: 'line',
    businessDate: '2026-11-24',
    kind: 'clinic',
    departmentCode: 'K01',
    departmentName: '心血管内科',
    doctorCode: 'D01',
    doctorName: '张明远',
    location: '3 层',
    startsAt: '2026-11-24T00:00:00.000Z',
    begunAt: null,
  },
  places: states.map((state, i) => ({
    ticketId: `ticket-${i}`,
    number: i + 1,
    name: '*三',
    state,
    priority: null,
    room: state === 'called' ? '3 诊室' : null,
    ahead: 0,
    waiting: null,
  })),
})

it('[J3] who is called is said once, and nobody whose call was there when the screen came on', () => {
  expect(newCalls(undefined, board(['called', 'waiting']))).toEqual([])
  const said = newCalls(board(['called', 'waiting']), board(['called', 'called']))
  expect(said).toEqual([{ number: 2, name: '*三', room: '3 诊室', line: '心血管内科' }])
  expect(newCalls(board(['called']), board(['called']))).toEqual([])
  expect(newCalls(board(['passed']), board(['called']))).toHaveLength(1)
})
