import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { amountFen, count, instant, lineNo, number, text, version } from '../interface/reading.ts'

// What a sandbox may let the kit do in place of the hospital's own staff: docs/interface/conformance.md.

const hand = <R extends Type.TSchema, A extends Type.TSchema>(request: R, answer: A) => ({
  request,
  answer,
})

const NOTHING = Type.Object({})
const aBill = Type.Object({ billNo: number(30) })
const aStay = Type.Object({ stayNo: number(30) })

export const HANDS = {
  /** A bill of so many lines, as a doctor writes one. */
  'bills.open': hand(
    Type.Object({ patientNo: number(30), lines: Type.Integer({ minimum: 1, maximum: 500 }) }),
    Type.Object({ billNo: number(30), totalFen: amountFen }),
  ),
  /** One line more on an open bill, which so has another version and another total. */
  'bills.change': hand(aBill, Type.Object({ version, totalFen: amountFen })),
  'bills.withdraw': hand(aBill, NOTHING),
  'bills.dispense': hand(Type.Object({ billNo: number(30), lineNos: Type.Array(lineNo) }), NOTHING),
  /** The hospital asks the hub to give lines back: §3. */
  'refunds.request': hand(
    Type.Object({ billNo: number(30), lineNos: Type.Array(lineNo), reason: text(200) }),
    Type.Object({ requestNo: number(32) }),
  ),
  'schedules.stop': hand(Type.Object({ scheduleNo: number(40) }), NOTHING),
  'stays.admit': hand(Type.Object({ patientNo: number(30) }), aStay),
  'stays.orderDischarge': hand(aStay, NOTHING),
  /** Lets so much of the sandbox's time go by, and what comes due in it happen. */
  'time.move': hand(Type.Object({ seconds: count }), Type.Object({ now: instant })),
} as const

export type HandName = keyof typeof HANDS
export const HAND_NAMES = Object.keys(HANDS) as HandName[]

export type HandRequest<N extends HandName> = Type.Static<(typeof HANDS)[N]['request']>
export type HandAnswer<N extends HandName> = Type.Static<(typeof HANDS)[N]['answer']>

/** The hands of a sandbox. Errors: `use` throws what went wrong; its answer is not yet read. */
export type Hands = {
  offers: ReadonlySet<HandName>
  use(name: HandName, body: object): Promise<unknown>
}

export const noHands: Hands = {
  offers: new Set(),
  use: (name) => Promise.reject(new Error(`the sandbox has no hand ${name}`)),
}

const answers = new Map(HAND_NAMES.map((name) => [name, Compile(HANDS[name].answer)] as const))

/** True for an answer of that hand, in its form. */
export const isHandAnswer = <N extends HandName>(name: N, value: unknown): value is HandAnswer<N> =>
  answers.get(name)?.Check(value) ?? false
