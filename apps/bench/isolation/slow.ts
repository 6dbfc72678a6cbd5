import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

import type { HospitalBilling } from '../../../modules/hospitals/index.ts'
import type { Channel } from '../../../modules/payments/index.ts'

/** The name of the channel that does not always answer. */
export const SLOW = 'slow'

/** As long as an answer may take; longer than a phase of the bench, so that within it there is none. */
const ANSWERS_AFTER_MS = 30_000
const LOOK_EVERY_MS = 50

export const isThere = (file: string) => (): boolean => existsSync(file)

/** Waits while `isHanging`, and half a minute at most. */
const hanging = (isHanging: () => boolean) => async (): Promise<void> => {
  const answersAt = performance.now() + ANSWERS_AFTER_MS
  while (isHanging() && performance.now() < answersAt) await delay(LOOK_EVERY_MS)
}

/**
 * A channel that answers in half a minute while `isHanging`, and else at once. Of the orders it takes every other one even
 * then, as channels in trouble do: so that both who pays and whoever asks about a payment waits for it.
 */
export function hangingWhile(channel: Channel, isHanging: () => boolean): Channel {
  const untilItAnswers = hanging(isHanging)
  return {
    ...channel,
    charge: async (call, order) => {
      if (isEven(order.tradeNo)) await untilItAnswers()
      return channel.charge(call, order)
    },
    query: async (call, order) => {
      await untilItAnswers()
      return channel.query(call, order)
    },
  }
}

/** A hospital's system that shows every other bill and books nothing for half a minute while `isHanging`. */
export function silentWhile(system: HospitalBilling, isHanging: () => boolean): HospitalBilling {
  const untilItAnswers = hanging(isHanging)
  return {
    ...system,
    bill: async (call, billNo) => {
      if (isEven(billNo)) await untilItAnswers()
      return system.bill(call, billNo)
    },
    writeBack: async (call, payment) => {
      await untilItAnswers()
      return system.writeBack(call, payment)
    },
  }
}

const isEven = (no: string): boolean => no.charCodeAt(no.length - 1) % 2 === 0
