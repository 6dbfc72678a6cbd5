import { createHash } from 'node:crypto'

import { expect, it } from 'vitest'

import { percentOf, solveProof, TRIES_A_STEP } from './proof-work.ts'

it('[J11] the work of a device is what the hub checks: SHA-256 of text and nonce', () => {
  const steps: number[] = []
  const nonce = solveProof({ text: 'a task', bits: 13 }, (tries) => steps.push(tries))
  const digest = createHash('sha256').update(`a task.${nonce}`).digest()
  expect(digest.readUInt16BE(0) >> 3).toBe(0)
  expect(steps).toHaveLength(Math.floor(Number(nonce) / TRIES_A_STEP))
  expect(solveProof({ text: 'none asked', bits: 0 })).toBe('0')
})

it('[J11] progress rises and never says that it is done before it is', () => {
  expect(percentOf(0, 16)).toBe(0)
  expect(percentOf(2 ** 16, 16)).toBe(63)
  expect(percentOf(2 ** 17, 16)).toBeGreaterThan(percentOf(2 ** 16, 16))
  expect(percentOf(2 ** 18, 16)).toBeLessThan(100)
})
