import { expect, it } from 'vitest'

import { readEvent } from './live.ts'
import { minutesOf } from './waiting.ts'

it('[J3] an event is read with its name and its id, and a comment is none', () => {
  const block = 'event: board\nid: line-1:7:99\ndata: {"places":[]}'
  expect(readEvent(block)).toEqual({ name: 'board', id: 'line-1:7:99', data: '{"places":[]}' })
  expect(readEvent('data: {"a":\ndata: 1}').data).toBe('{"a":1}')
  expect(readEvent(': ')).toEqual({ name: 'message', id: '', data: '' })
})

it('[J3] an interval is of whole minutes, wide enough to be true', () => {
  expect(minutesOf({ lowMs: 12.7 * 60_000, highMs: 19.1 * 60_000 })).toEqual({ low: 12, high: 20 })
  expect(minutesOf({ lowMs: 0, highMs: 0 })).toEqual({ low: 0, high: 1 })
})
