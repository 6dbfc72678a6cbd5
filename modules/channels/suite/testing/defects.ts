import { generateKeyPairSync } from 'node:crypto'

import type { PayMethod } from '../../../payments/index.ts'
import { believing, falling, isProven, isSigned, newKeyEachTime, ofAnother } from './bad-notices.ts'
import {
  blind,
  charged,
  charging,
  emptyStatement,
  moreBy,
  moved,
  onLines,
  queried,
  refundForShow,
  refundQueryIs,
  refundsFrom,
  refunded,
  refused,
  releaseOfMoney,
  releasing,
  renumbered,
  stated,
  traced,
  unknown,
} from './bad-verbs.ts'
import { type Defect, OPENID } from './memory-bench.ts'
import { KEY } from './memory-provider.ts'

const ruleBroken =
  (rule: 'oneChargeForEachNumber' | 'limitsRefunds' | 'oneReturnForEachNumber'): Defect =>
  ({ provider }) =>
    void (provider.rules[rule] = false)

const declinedOnceKnown: Defect = (bench) =>
  refused(({ tradeNo }) => bench.provider.find(tradeNo)?.state === 'paid')(bench)

/** The request was done in two of the four troubles: asking anew, and not again, then does it twice. */
function troubles(verb: string, defects: Defect[], whenDone: Defect[] = []) {
  const entries = ['refuse', 'drop', 'lose_answer', 'garble'].map((kind) => {
    const isDone = kind === 'lose_answer' || kind === 'garble'
    const all = isDone ? [...defects, ...whenDone] : defects
    return [`trouble.${verb}.${kind}`, ['account', ...all]] as const
  })
  return Object.fromEntries(entries) as unknown as typeof DEFECTS
}

const privateKey = generateKeyPairSync('ed25519').privateKey.export({
  type: 'pkcs8',
  format: 'pem',
})

/** For each check, the method it is shown on and at least one defect that it must find. */
export const DEFECTS: Record<string, [PayMethod, ...Defect[]]> = {
  'channel.face': [
    'account',
    ({ channel }) => void (channel.methods = ['card']),
    ({ channel }) => void (channel.name = ''),
  ],
  'charge.answer': [
    'qr_code',
    charging({ outcome: 'pending', payerAction: null }),
    charging({ outcome: 'pending', payerAction: { kind: 'qr_code', content: '' } }),
    charging({ outcome: 'pending', payerAction: { kind: 'app', params: { a: 'b' } } }),
    charging({ outcome: 'declined', code: 'no', reason: 'no' }),
  ],
  'query.pending': [
    'account',
    queried((answer) => (answer.outcome === 'pending' ? { outcome: 'absent' } : answer)),
  ],
  'query.absent': [
    'account',
    queried((answer) =>
      answer.outcome === 'absent' ? { outcome: 'pending', payerAction: null } : answer,
    ),
  ],
  'query.confirmed': [
    'account',
    moreBy(1),
    moved(({ at }) => ({ at: new Date(at.getTime() + 3_600_000) })),
    moved(() => ({ ourNo: 'T' })),
    renumbered,
  ],
  'charge.twice': ['account', ruleBroken('oneChargeForEachNumber')],
  'charge.after_payment': ['account', declinedOnceKnown],
  'charge.amount_1': ['account', charged(() => ({ amountFen: 100 as never }))],
  'charge.amount_99999999': [
    'account',
    charged(({ amountFen }) => ({ amountFen: Math.fround(amountFen) as never })),
  ],
  'charge.description_chinese': [
    'account',
    refused(({ description }) => !/^[\x20-\x7e]*$/.test(description)),
  ],
  'charge.description_long': ['account', refused(({ description }) => description.length > 127)],
  'release.unpaid': ['account', releasing({ outcome: 'released' })],
  'release.unknown': ['account', releasing(unknown('there is none'))],
  'release.paid': ['account', releaseOfMoney, releasing({ outcome: 'released' })],
  'refund.full': ['account', refundForShow],
  'refund.partial': ['account', refunded(({ charge }) => charge.amountFen)],
  'refund.to_the_fen': ['account', refundsFrom(2)],
  'refund.beyond': ['account', ruleBroken('limitsRefunds')],
  'refund.twice': ['account', ruleBroken('oneReturnForEachNumber')],
  'refund.query': ['account', refundQueryIs('pending'), refundQueryIs('absent')],
  'refund.amount_1': ['account', refundsFrom(2)],
  'refund.amount_99999999': ['account', refunded(({ amountFen }) => Math.fround(amountFen))],
  ...troubles('charge', [blind('charge', 'declined')], [ruleBroken('oneChargeForEachNumber')]),
  ...troubles('query', [blind('query', 'absent'), blind('query', 'declined')]),
  ...troubles('release', [blind('release', 'released')]),
  ...troubles('refund', [blind('refund', 'declined')], [ruleBroken('oneReturnForEachNumber')]),
  ...troubles('refund_query', [blind('queryRefund', 'absent'), blind('queryRefund', 'declined')]),
  'notice.charge': ['account', newKeyEachTime, ofAnother],
  'notice.refund': ['account', ofAnother],
  'notice.altered_body': ['account', believing(isSigned)],
  'notice.altered_signature': ['account', believing(isSigned)],
  'notice.unsigned': ['account', believing((notice) => !isSigned(notice))],
  'notice.nonsense': ['account', falling],
  'notice.foreign': ['account', believing(isProven)],
  'statement.today': [
    'account',
    stated((answer) => (answer.outcome === 'not_ready' ? emptyStatement : answer)),
  ],
  'statement.lines': [
    'account',
    onLines(({ lines }) => ({ lines: lines.slice(1) })),
    onLines(({ lines: [first, ...others] }) => ({
      lines: first ? [{ ...first, amountFen: (first.amountFen + 1) as never }, ...others] : [],
    })),
    onLines(({ lines }) => ({ lines: lines.map((line) => ({ ...line, kind: 'charge' })) })),
    onLines(() => ({ sha256: '0'.repeat(64) })),
    onLines(() => ({ feeFen: -1 as never })),
  ],
  'statement.empty': ['account', stated(() => ({ outcome: 'not_ready', reason: 'never' }))],
  'trace.every_call': ['account', traced(null), traced(() => ({ system: '' }))],
  'trace.no_secrets': [
    'account',
    ...[KEY, OPENID, String(privateKey)].map((secret) =>
      traced((request) => ({ request: `${request} ${secret}` })),
    ),
  ],
}
