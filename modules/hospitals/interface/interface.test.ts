import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'

import { EXAMPLES } from './examples.ts'
import { OPERATION_NAMES, OPERATIONS } from './operations.ts'
import { createHospitalSystem } from './system.ts'

describe('the standard interface', () => {
  it.each(OPERATION_NAMES)('shows an example of %s that is valid [H1]', (name) => {
    const { request, answer } = OPERATIONS[name]
    expect([...Value.Errors(request, EXAMPLES[name].request)]).toEqual([])
    expect([...Value.Errors(answer, EXAMPLES[name].answer)]).toEqual([])
  })

  it.each(OPERATION_NAMES)('names the key of %s by fields of its request', (name) => {
    const { key, request } = OPERATIONS[name]
    const properties = Object.keys((request as { properties?: object }).properties ?? {})
    for (const field of key) expect(properties).toContain(field)
  })

  it('translates what comes to moments and amounts, and drops what it does not know', async () => {
    const [schedule] = (EXAMPLES['schedules.list'].answer as { schedules: object[] }).schedules
    const his = createHospitalSystem((_, { name, read }) => {
      const answer = {
        'schedules.list': { schedules: [{ ...schedule, colour: 'red' }] },
        'slots.lock': EXAMPLES['slots.lock'].answer,
      }[name as string]
      const said = read(answer)
      return Promise.resolve(
        'value' in said
          ? { outcome: 'ok', data: said.value }
          : { outcome: 'unknown', reason: said.problem },
      )
    })
    const call = { trace: () => undefined }
    const week = { from: '2026-11-24', to: '2026-11-30', departmentCode: null } as never
    expect(await his.schedules(call, week)).toEqual({ outcome: 'ok', data: [schedule] })
    const lock = { lockNo: 'L1', scheduleNo: 'S1', slotNo: null, patientNo: 'P1', holdSeconds: 60 }
    const locked = await his.lockSlot(call, lock)
    expect(locked).toMatchObject({ data: { lockedUntil: new Date('2026-11-23T00:15:00Z') } })
  })

  it('says unknown for a moment that is none, and never throws', async () => {
    const his = createHospitalSystem((_, { read }) => {
      const said = read({
        slots: [
          {
            slotNo: '7',
            startsAt: '2026-13-41T09:00:00+08:00',
            endsAt: '2026-11-24T09:10:00+08:00',
            status: 'free',
          },
        ],
      })
      return Promise.resolve(
        'value' in said
          ? { outcome: 'ok', data: said.value }
          : { outcome: 'unknown', reason: said.problem },
      )
    })
    expect(await his.slots({ trace: () => undefined }, 'S1')).toMatchObject({ outcome: 'unknown' })
  })
})
