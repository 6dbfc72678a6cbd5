import { describe, expect, it } from 'vitest'

import { toShanghaiText } from '../../../kernel/time.ts'
import { nextTryAt } from './timetable.ts'

describe('when a list that did not come is asked for again', () => {
  const missingAt = new Date('2026-11-21T12:00:00+08:00')

  function triesFrom(start: string, most: number): string[] {
    const moments: string[] = []
    let at: Date | null = new Date(start)
    for (let tries = 0; tries < most && at; tries++) {
      moments.push(toShanghaiText(at).slice(5, 16))
      at = nextTryAt({ tries, missingAt }, at)
    }
    return moments
  }

  it('at growing distances, once more before it is missing, and every hour from then on', () => {
    expect(triesFrom('2026-11-21T08:00:00+08:00', 10)).toEqual([
      '11-21 08:00',
      '11-21 08:05',
      '11-21 08:15',
      '11-21 08:35',
      '11-21 09:15',
      '11-21 10:15',
      '11-21 11:15',
      '11-21 11:55',
      '11-21 12:55',
      '11-21 13:55',
    ])
  })

  it('after three days once a day, and after a month not any more', () => {
    const moments = triesFrom('2026-11-24T11:30:00+08:00', 100)
    expect(moments.slice(0, 4)).toEqual([
      '11-24 11:30',
      '11-24 11:35',
      '11-24 11:45',
      '11-24 12:05',
    ])
    expect(moments.slice(4, 6)).toEqual(['11-25 12:05', '11-26 12:05'])
    expect(moments.at(-1)).toBe('12-21 12:05')
  })
})
