import { createHash } from 'node:crypto'

import fc from 'fast-check'
import { expect, it } from 'vitest'

import { sha256 } from './sha256.ts'

it('[J11] is SHA-256 as everybody else has it, also around the ends of blocks', () => {
  const own = (bytes: Uint8Array) => Buffer.from(sha256(bytes)).toString('hex')
  const theirs = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  for (let length = 0; length < 200; length += 1) {
    const bytes = new Uint8Array(length).fill(length)
    expect(own(bytes)).toBe(theirs(bytes))
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      expect(own(bytes)).toBe(theirs(bytes))
    }),
  )
})
