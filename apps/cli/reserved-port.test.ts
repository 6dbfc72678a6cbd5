import { once } from 'node:events'
import { createServer } from 'node:net'

import { expect, it } from 'vitest'

import { isFree, reservePort } from './reserved-port.ts'

// Where systems begin to give out ports by themselves.
const FIRST_GIVEN_OUT = 32_768

it('is the wished one, and another one for who comes second', async () => {
  const { port: wished, release: free } = await reservePort()
  await free()
  const first = await reservePort(wished)
  const second = await reservePort(wished)
  expect(first.port).toBe(wished)
  expect(second.port).not.toBe(wished)
  await first.release()
  const third = await reservePort(wished)
  expect(third.port).toBe(wished)
  await Promise.all([second.release(), third.release()])
})

it('is not one that somebody listens on', async () => {
  const { port: wished, release: free } = await reservePort()
  const somebody = createServer().listen(wished, '127.0.0.1')
  await once(somebody, 'listening')
  await free()
  const reserved = await reservePort(wished)
  expect(reserved.port).not.toBe(wished)
  await reserved.release()
  somebody.close()
})

it('many at a time are all different, free, and none that a system gives out', async () => {
  const reserved = await Promise.all(Array.from({ length: 50 }, () => reservePort()))
  const ports = reserved.map(({ port }) => port)
  expect(new Set(ports).size).toBe(50)
  expect(Math.max(...ports)).toBeLessThan(FIRST_GIVEN_OUT - 1)
  expect(await Promise.all(ports.map(isFree))).toEqual(ports.map(() => true))
  await Promise.all(reserved.map(({ release }) => release()))
})
