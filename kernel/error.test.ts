import { expect, it } from 'vitest'

import { AppError, defineErrors, STATUS_OF_KIND } from './error.ts'

const errors = defineErrors('bills', { not_found: 'not_found', changed: 'conflict' })

it('makes an error with the code of its module, its kind and what it is about', () => {
  const error = errors.changed({ billNo: 'B1', version: 2 })
  expect(error).toBeInstanceOf(AppError)
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    code: 'bills.changed',
    kind: 'conflict',
    params: { billNo: 'B1', version: 2 },
  })
  expect(error.message).toBe('bills.changed {"billNo":"B1","version":2}')
  expect(errors.not_found().params).toEqual({})
})

it('makes a new error each time, with the stack of whoever made it', () => {
  expect(errors.not_found()).not.toBe(errors.not_found())
  expect(errors.not_found().stack).toContain('error.test.ts')
})

it('has a status of its own for every kind, and none of success', () => {
  const statuses = Object.values(STATUS_OF_KIND)
  expect(new Set(statuses).size).toBe(statuses.length)
  expect(statuses.every((status) => status >= 400 && status < 600)).toBe(true)
})
