import { setTimeout as delay } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { createPatience } from './patience.ts'
import { createTurns } from './turns.ts'

const LONG_MS = 60_000
const SHORT_MS = 5

const patienceOf = (patienceMs: number, mostLeft = 10) => {
  const failures: unknown[] = []
  const onError = (failure: unknown) => void failures.push(failure)
  return { ...createPatience({ patienceMs, mostLeft, onError }), failures }
}

function heldWork() {
  let end = () => undefined as void
  let fail = (_failure: Error) => undefined as void
  const work = new Promise<void>((resolve, reject) => {
    end = resolve
    fail = reject
  })
  return { work, end, fail }
}

describe('patience', () => {
  it('waits for work that ends in time, and hears of its failure', async () => {
    const { patiently, failures } = patienceOf(LONG_MS)
    let isDone = false
    await patiently(delay(1).then(() => void (isDone = true)))
    expect(isDone).toBe(true)
    await expect(patiently(Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(failures).toEqual([])
  })

  it('leaves what takes longer, which ends by itself', async () => {
    const { patiently, settled, failures } = patienceOf(SHORT_MS)
    const [first, second] = [heldWork(), heldWork()]
    await patiently(first.work)
    await patiently(second.work)
    let areSettled = false
    const settling = settled().then(() => void (areSettled = true))
    first.end()
    await delay(1)
    expect(areSettled).toBe(false)
    second.fail(new Error('later'))
    await settling
    expect(failures).toMatchObject([{ message: 'later' }])
  })

  it('waits to the end when as much as may be is left behind', async () => {
    const { patiently } = patienceOf(SHORT_MS, 1)
    const [left, next] = [heldWork(), heldWork()]
    await patiently(left.work)
    let isNextOver = false
    const waiting = patiently(next.work).then(() => void (isNextOver = true))
    await delay(4 * SHORT_MS)
    expect(isNextOver).toBe(false)
    next.end()
    await waiting
    left.end()
  })
})

describe('turns of hospitals', () => {
  const hospitals = [{ id: 1 as HospitalId }, { id: 2 as HospitalId }]

  it('pass one by that is still in hand', async () => {
    const { patiently, settled } = patienceOf(SHORT_MS)
    const inTurn = createTurns(patiently)
    const held = heldWork()
    const begun: HospitalId[] = []
    const work = async (id: HospitalId) => {
      begun.push(id)
      if (id === 1) await held.work
      return 1
    }
    expect(await inTurn(hospitals, work)).toBe(1)
    expect(await inTurn(hospitals, work)).toBe(1)
    expect(begun).toEqual([1, 2, 2])
    held.end()
    await settled()
    await inTurn(hospitals, work)
    expect(begun).toEqual([1, 2, 2, 1, 2])
  })

  it('go on after one that fails, and tell of it then', async () => {
    const begun: HospitalId[] = []
    const working = createTurns((turn) => turn)(hospitals, async (id) => {
      begun.push(id)
      if (id === 1) throw new Error('no')
      return 1
    })
    await expect(working).rejects.toThrow('no')
    expect(begun).toEqual([1, 2])
  })
})
