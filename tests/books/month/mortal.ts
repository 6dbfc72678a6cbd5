import type { createBooks } from '../../../apps/hub/books.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { chance, type Random } from '../../../kernel/random.ts'
import type { Db } from '../../../platform/db.ts'

type Options = Parameters<typeof createBooks>[0]
type Parts = Parameters<typeof createBooks>[1]

/** The process is gone: nothing of it does anything more. */
export class Death extends Error {}

export type Deaths = ReturnType<typeof createDeaths>

/**
 * When processes die: at the first time that they come by a place, at the third, the ninth and so on, so that no place
 * is left out, and by chance in between. `at`: how often at each place.
 */
export function createDeaths(random: Random, partsPerMillion: number) {
  const at = new Map<string, number>()
  const passed = new Map<string, number>()
  return {
    at,
    strikes(where: string): boolean {
      const times = (passed.get(where) ?? 0) + 1
      passed.set(where, times)
      const isTurn =
        Number.isInteger(Math.log(times) / Math.log(3)) || chance(random, partsPerMillion)
      at.set(where, (at.get(where) ?? 0) + Number(isTurn))
      return isTurn
    },
  }
}

export type Life = { isOver: boolean }

/**
 * What the books stand on, for one life of their process: it may end before and after every transaction, in the middle
 * of one, and around every word to somebody else.
 */
export function mortal(options: Options, parts: Parts, deaths: Deaths | null) {
  const life: Life = { isOver: false }
  if (!deaths) return { options, parts, life }
  const stop = (where: string): void => {
    if (!life.isOver && deaths.strikes(where)) life.isOver = true
    if (life.isOver) throw new Death(where)
  }
  return {
    options: { ...options, db: mortalDb(options.db, stop) },
    parts: around(parts, stop),
    life,
  }
}

type Stop = (where: string) => void

function mortalDb(db: Db, stop: Stop): Db {
  return new Proxy(db, {
    get(target, key) {
      if (key === 'transaction') return () => mortalTransaction(target, stop)
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const mortalTransaction = (db: Db, stop: Stop) => ({
  async execute(work: Parameters<ReturnType<Db['transaction']>['execute']>[0]) {
    stop('before a transaction')
    const result = await db.transaction().execute(work)
    stop('after a transaction')
    return result
  },
})

function around(parts: Parts, stop: Stop): Parts {
  const heard =
    <Args extends unknown[], T>(what: string, call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      stop(`before ${what}`)
      const answer = await call(...args)
      stop(`after ${what}`)
      return answer
    }
  const { ledger, audit, publish, payments, insurance } = parts
  return {
    ledger: { ...ledger, post: heard('an entry', ledger.post) },
    audit: heard('an audit row', audit),
    publish: heard('an event', publish) as Parts['publish'],
    payments: {
      ...payments,
      recheck: heard('a recheck', payments.recheck),
      advanceRefund: heard('a refund', payments.advanceRefund),
      tellHospitalAgain: heard('a bill told again', payments.tellHospitalAgain),
      tellRefundAgain: heard('a refund told again', payments.tellRefundAgain),
      giveBack: heard('giving back', payments.giveBack),
    },
    insurance: { reverseUnknown: heard('a reversal', insurance.reverseUnknown) },
    async providersOf(hospitalId: HospitalId) {
      const providers = await parts.providersOf(hospitalId)
      return new Map(
        [...providers].map(([name, provider]) => {
          const statement = heard('a list', provider.statement.bind(provider))
          return [name, { ...provider, statement }] as const
        }),
      )
    },
    async systemOf(hospitalId: HospitalId) {
      const system = await parts.systemOf(hospitalId)
      if (!system) return null
      const dayList = heard('a day list', system.dayList.bind(system))
      return { ...system, dayList, bill: heard('a bill', system.bill.bind(system)) }
    },
  }
}
