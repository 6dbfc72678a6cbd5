import { type Refusal, type RefusalKind, WRONG_BY_FEN } from './context.ts'

/** What goes back: said to be done or not, with a code and words, and what it came to. */
export type Answer = { success: boolean; code: number; msg: string; data: object | null }

export const done = (data: object): Answer => ({ success: true, code: 0, msg: '成功', data })

export const refuse = ({ kind, message }: Refusal): Answer => ({
  success: false,
  code: CODES[kind],
  msg: message,
  data: null,
})

/** 101 处理中 and 501 退款失败 do not come here: this bank decides at once. */
export const STATUS = { done: 200, failed: 201, closed: 400, flushed: 500 } as const

/** The same answer with a yuan more in it. */
export function spoil(answer: Answer): Answer {
  const text = JSON.stringify(answer, (name, value: unknown) =>
    AMOUNTS.has(name) && typeof value === 'number' ? value + WRONG_BY_FEN : value,
  )
  return JSON.parse(text) as Answer
}

const AMOUNTS = new Set(['cash', 'repaymentAmt', 'netAmt', 'creditsAmt'])

const CODES: Record<RefusalKind, number> = {
  invalid: 1001,
  different: 1002,
  no_account: 3001,
  not_signed: 3002,
  suspended: 3003,
  ended: 3004,
  overdue: 3005,
  over_limit: 3006,
  hospital_limit: 3007,
  not_eligible: 3008,
  owing: 3009,
  no_such_number: 4001,
  amount_wrong: 4002,
  no_money: 4003,
  closed: 4004,
  statement_not_ready: 5001,
  declined: 1999,
  unavailable: 9999,
}
