import { MINUTE_MS } from '../../../kernel/time.ts'
import type { Fault, FaultPlan, FaultPoint } from './simulator.ts'

// What a developer makes go wrong in the sandbox, by the value that a bill's number ends with: ZD0120261122000007-DECLINE.
// The value travels in the bill's number, which wallets see in what is paid for, and in the code of its doctor, which the
// insurer is told: over the same interfaces as ever. The hub knows nothing of it, and where the outside world is the real
// one, such a number is a number.

export const SANDBOX_VALUES = [
  'DECLINE',
  'TIMEOUT',
  'ANSWER-LOST',
  'PAID-LATE',
  'PAID-TWICE',
  'NOTICE-LATE',
  'NOTICE-DUP',
  'NOTICE-LOST',
  'REFUND-FAIL',
  'REFUND-HIS',
  'HIS-REFUSE',
  'HIS-BUSY',
  'HIS-LOST',
  'INS-ABSENT',
  'INS-REFUSE',
  'INS-LOST',
] as const

export type SandboxValue = (typeof SANDBOX_VALUES)[number]

export const isSandboxValue = (text: string): text is SandboxValue =>
  SANDBOX_VALUES.some((value) => value === text)

/** The plan of a sandbox, where nothing goes wrong but what somebody asked for. Pure. */
export const bySandboxValue: FaultPlan = (point) => {
  const value = valueIn(`${point.key} ${point.about ?? ''}`)
  return value && RULES[value](point)
}

type Rule = (point: FaultPoint) => Fault | null

/** Of the wallets, WeChat Pay's has them. */
const RULES: Record<SandboxValue, Rule> = {
  DECLINE: (point) => (isOrder(point) ? { kind: 'decline', code: 'RULE_LIMIT' } : null),
  // Nothing is known for half a minute; then the same order is placed, once.
  TIMEOUT: (point) => (isOrder(point) && point.attempt <= 3 ? { kind: 'drop' } : null),
  'ANSWER-LOST': (point) =>
    isOrder(point) && point.attempt === 1 ? { kind: 'lose_answer' } : null,
  // Said to be closed, and it is not: whoever has it in hand can still pay it.
  'PAID-LATE': (point) => (isWallet(point, 'POST close') ? { kind: 'lie' } : null),
  'PAID-TWICE': (point) => his(point, 'bills.writeBack', 'BILL_ALREADY_PAID'),
  'NOTICE-LATE': (point) => notice(point, { kind: 'delay_notice', ms: MINUTE_MS }),
  'NOTICE-DUP': (point) => notice(point, { kind: 'duplicate_notice', times: 2 }),
  'NOTICE-LOST': (point) => notice(point, { kind: 'lose_notice' }),
  'REFUND-FAIL': (point) =>
    isWallet(point, 'POST /v3/refund/domestic/refunds')
      ? { kind: 'decline', code: 'NOT_ENOUGH' }
      : null,
  'REFUND-HIS': (point) => his(point, 'refunds.approve', 'REFUND_NOT_ALLOWED'),
  'HIS-REFUSE': (point) => his(point, 'bills.writeBack', 'BILL_VOID'),
  'HIS-BUSY': (point) => (isWriteBack(point) && point.attempt <= 3 ? { kind: 'refuse' } : null),
  'HIS-LOST': (point) =>
    isWriteBack(point) && point.attempt === 1 ? { kind: 'lose_answer' } : null,
  'INS-ABSENT': (point) => insurer(point, '2206'),
  'INS-REFUSE': (point) => insurer(point, '2207'),
  'INS-LOST': (point) =>
    isInsurer(point, '2207') && point.attempt === 1 ? { kind: 'lose_answer' } : null,
}

const isOrder = ({ simulator, operation }: FaultPoint): boolean =>
  simulator === 'wechat' && operation.startsWith('POST /v3/pay/transactions/')

const isWallet = ({ simulator, operation }: FaultPoint, wanted: string): boolean =>
  simulator === 'wechat' && operation === wanted

const notice = ({ simulator, operation }: FaultPoint, fault: Fault): Fault | null =>
  simulator === 'wechat' && operation.startsWith('notify ') ? fault : null

const isWriteBack = ({ simulator, operation }: FaultPoint): boolean =>
  simulator === 'his' && operation === 'bills.writeBack'

const his = ({ simulator, operation }: FaultPoint, wanted: string, code: string): Fault | null =>
  simulator === 'his' && operation === wanted ? { kind: 'decline', code } : null

const isInsurer = ({ simulator, operation }: FaultPoint, wanted: string): boolean =>
  simulator === 'insurance' && operation === wanted

const insurer = (point: FaultPoint, wanted: string): Fault | null =>
  isInsurer(point, wanted) ? { kind: 'decline', code: '人员待遇冻结' } : null

/** The value behind the digits of a bill's number or a doctor's code; of several bills, the first that has one. */
function valueIn(key: string): SandboxValue | null {
  for (const [, text = ''] of key.matchAll(/\d-([A-Z]+(?:-[A-Z]+)?)(?![A-Z-])/g)) {
    if (isSandboxValue(text)) return text
  }
  return null
}
