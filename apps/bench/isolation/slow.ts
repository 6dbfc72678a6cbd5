import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

import type { Channel } from '../../../modules/payments/index.ts'

/** The name of the channel that does not always answer. */
export const SLOW = 'slow'

/** As long as an answer may take; longer than a phase of the bench, so that within it there is none. */
const ANSWERS_AFTER_MS = 30_000
const LOOK_EVERY_MS = 50

export const isThere = (file: string) => (): boolean => existsSync(file)

/**
 * A channel that answers in half a minute while `isHanging`, and else at once. Of the orders it takes every other one even
 * then, as channels in trouble do: so that both who pays and whoever asks about a payment waits for it.
 */
export function hangingWhile(channel: Channel, isHanging: () => boolean): Channel {
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

  async function untilItAnswers(): Promise<void> {
    const answersAt = performance.now() + ANSWERS_AFTER_MS
    while (isHanging() && performance.now() < answersAt) await delay(LOOK_EVERY_MS)
  }
}

const isEven = (tradeNo: string): boolean => tradeNo.charCodeAt(tradeNo.length - 1) % 2 === 0
